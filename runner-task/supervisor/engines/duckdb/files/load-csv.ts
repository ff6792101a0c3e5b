import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName, quoteText } from '../../../../../src/domain/sql-name.ts';
import { quotePath } from '../quote-path.ts';
import { copyCsv } from './copy-csv.ts';
import type { FileLoader } from './file-loader.ts';

/**
 * The types of a CSV file are guessed from all of it, once: guessed from its beginning, a late odd value would fail every
 * statement, and a late 1.5 in a column of whole numbers would silently be 2.
 */
const readerOf = async (connection: DuckDBConnection, path: string): Promise<string> => {
  const sniffed = await connection.runAndReadAll(
    `SELECT c.name, c.type::VARCHAR FROM (SELECT unnest(Columns) AS c FROM sniff_csv(${quotePath(path)}, sample_size = -1))`,
  );
  const types = sniffed.getRows().map(([name, type]) => `${quoteText(String(name))}: ${quoteText(String(type))}`);
  return `read_csv(${quotePath(path)}, types = {${types.join(', ')}})`;
};

/** CSV and TSV files, also packed by gzip. */
export const csvLoader: FileLoader = {
  title: 'CSV in UTF-8',
  async load(connection, file, { copied }) {
    const { table, path, bytes, notes } = file;
    const made = { table, bytes, notes };
    if (copied && (await copyCsv(connection, file))) return [{ ...made, reads: [] }];
    const [kind, reader] = copied
      ? ['TABLE', `read_csv(${quotePath(path)}, sample_size = -1)`]
      : ['VIEW', await readerOf(connection, path)];
    await connection.run(`CREATE ${kind} ${quoteName(table)} AS SELECT * FROM ${reader}`);
    return [{ ...made, reads: copied ? [] : [path] }];
  },
};
