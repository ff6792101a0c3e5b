import type { DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import type { TableNote } from '../../../../../src/contracts/schema.ts';
import { quoteName } from '../../../../../src/domain/sql-name.ts';
import { quotePath } from '../quote-path.ts';
import { FileProblem, type FileLoader } from './file-loader.ts';
import { readableColumns } from './parquet-columns.ts';

/** A file can hold a billion rows in a kilobyte, where they are equal: more than this is not copied. */
const maxCopiedBytes = 1024 ** 3;

/** About how much memory the rows of a file take. */
const copiedSize = async (connection: DuckDBConnection, path: string): Promise<number> => {
  const read = await connection.runAndReadAll(
    `SELECT sum(greatest(total_uncompressed_size, num_values * 4))::DOUBLE FROM parquet_metadata(${quotePath(path)})`,
  );
  return Number(read.getRowsJS()[0]?.[0] ?? 0);
};

/** A Parquet file as a statement reads it. Only its own columns: what its folders' names hold is another's matter. */
export const parquetSource = (path: string): string => `read_parquet(${quotePath(path)}, hive_partitioning = false)`;

const TypeRow = z.object({ column_name: z.string() });

/** Parquet files. */
export const parquetLoader: FileLoader = {
  title: 'Parquet',
  async load(connection, { table, path, bytes, notes }, { copied }) {
    const { leftOut, names, notes: found } = await readableColumns(connection, path);
    // DuckDB's own names: those that only case divides have a number.
    const described = await connection.runAndReadAll(`DESCRIBE FROM ${parquetSource(path)}`);
    const given = z.array(TypeRow).parse(described.getRowObjectsJS());
    const columns = given.map(({ column_name }) => column_name);
    if (leftOut.length === columns.length) throw new FileProblem(found.map(({ detail }) => detail).join(' '));
    const excluded = leftOut.map(({ index }) => quoteName(columns[index] ?? ''));
    const isCopied = copied && (await copiedSize(connection, path)) <= maxCopiedBytes;
    await connection.run(
      `CREATE ${isCopied ? 'TABLE' : 'VIEW'} ${quoteName(table)} AS SELECT *${excluded.length === 0 ? '' : ` EXCLUDE (${excluded.join(', ')})`} FROM ${parquetSource(path)}`,
    );
    const renamed = columns.flatMap((name, index): readonly TableNote[] => {
      const own = names[index];
      if (own === undefined || own === name) return [];
      return [
        {
          kind: 'renamed',
          columns: [name],
          detail: `In the file its name is ${JSON.stringify(own)}, which a column cannot have here: it is empty, or only case divides it from another.`,
        },
      ];
    });
    return [{ table, bytes, notes: [...notes, ...found, ...renamed], reads: isCopied ? [] : [path] }];
  },
};
