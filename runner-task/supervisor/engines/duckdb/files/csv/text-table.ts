import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';

/** A table of texts that rows are put into before their types are known. It has the columns c0, c1, … */
export type TextTable = {
  readonly name: string;
  readonly columns: readonly string[];
  /** The first text of each column, of those that are not NaN and its like if there is one: it tells which forms are tried. */
  readonly firstValues: readonly (string | undefined)[];
  readonly add: (fields: readonly string[]) => void;
  /** Writes what is left; nothing can be added afterwards. */
  readonly end: () => void;
  readonly drop: () => Promise<void>;
};

/** What is written among numbers for values that are none: it tells nothing of the others. */
export const isNoNumber = (text: string): boolean => /^[-+]?(?:nan|inf(?:inity)?)$/i.test(text);

/** Columns of texts, as the statements name them that types are decided by. */
export const textColumns = (width: number): readonly string[] =>
  Array.from({ length: width }, (_, index) => `c${index}`);

/** Makes an empty table of texts. An empty field is no value. */
export const createTextTable = async (connection: DuckDBConnection, width: number): Promise<TextTable> => {
  const name = 'surveyor_csv_texts';
  const columns = textColumns(width);
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${name} (${columns.map((column) => `${column} VARCHAR`).join(', ')})`,
  );
  const appender: DuckDBAppender = await connection.createAppender(name, 'main', 'temp');
  const firstValues: (string | undefined)[] = columns.map(() => undefined);
  return {
    name: `temp.main.${name}`,
    columns,
    firstValues,
    add(fields) {
      for (let column = 0; column < width; column += 1) {
        const field = fields[column];
        if (field === undefined || field === '') appender.appendNull();
        else {
          const first = firstValues[column];
          if (first === undefined || isNoNumber(first)) firstValues[column] = field;
          appender.appendVarchar(field);
        }
      }
      appender.endRow();
    },
    end: () => appender.closeSync(),
    drop: async () => {
      await connection.run(`DROP TABLE IF EXISTS temp.main.${name}`);
    },
  };
};
