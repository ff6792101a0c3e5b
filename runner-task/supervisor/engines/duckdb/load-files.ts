import { stat, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { Failure } from '../../../../src/contracts/failure.ts';
import { quoteName, quoteText } from '../../../../src/domain/sql-name.ts';
import { copyCsv } from './copy-csv.ts';
import { quotePath } from './quote-path.ts';
import { tableFiles, type TableFile } from './table-names.ts';

/** Up to this size together, files are read into memory once; above it, each statement reads them again. */
const copiedBytes = 256 * 1024 * 1024;
const mostFiles = 1_000;

type LoadedFile = TableFile & { readonly path: string; readonly bytes: number };

const findFiles = async (path: string): Promise<readonly LoadedFile[]> => {
  const info = await stat(path);
  const folder = info.isDirectory() ? path : dirname(path);
  const names = info.isDirectory()
    ? (await readdir(path, { withFileTypes: true })).filter((entry) => !entry.isDirectory()).map(({ name }) => name)
    : [basename(path)];
  const tables = tableFiles(names);
  if (tables.length === 0) {
    throw new Failure(
      'DATABASE_EMPTY',
      `There is no table at ${path}: no file there ends in .csv, .tsv, .csv.gz, .tsv.gz or .parquet (subfolders are not read).`,
    );
  }
  if (tables.length > mostFiles) {
    throw new Failure(
      'DATABASE_UNREACHABLE',
      `${path} holds ${tables.length} files; at most ${mostFiles} can be surveyed at once. Name a smaller folder.`,
    );
  }
  const sizes = await Promise.all(tables.map(({ file }) => stat(join(folder, file))));
  return tables.map((table, index) => ({
    ...table,
    path: join(folder, table.file),
    bytes: sizes[index]?.size ?? 0,
  }));
};

/**
 * How a file is read. The types of a CSV file are guessed from all of it, once: guessed from its beginning, a late odd value
 * would fail every statement, and a late 1.5 in a column of whole numbers would silently be 2.
 */
const readerOf = async (connection: DuckDBConnection, { format, path }: LoadedFile): Promise<string> => {
  if (format === 'parquet') return `read_parquet(${quotePath(path)})`;
  const sniffed = await connection.runAndReadAll(
    `SELECT c.name, c.type::VARCHAR FROM (SELECT unnest(Columns) AS c FROM sniff_csv(${quotePath(path)}, sample_size = -1))`,
  );
  const types = sniffed.getRows().map(([name, type]) => `${quoteText(String(name))}: ${quoteText(String(type))}`);
  return `read_csv(${quotePath(path)}, types = {${types.join(', ')}})`;
};

/** A file that is read once, into memory. */
const wholeReaderOf = ({ format, path }: LoadedFile): string =>
  format === 'parquet' ? `read_parquet(${quotePath(path)})` : `read_csv(${quotePath(path)}, sample_size = -1)`;

/** The reason in its first line; DuckDB goes on with its options and the statement. */
const unreadable = ({ file, format }: LoadedFile, error: unknown): string => {
  const reason = error instanceof Error ? error.message : String(error);
  return `The file ${file} cannot be read as ${format === 'csv' ? 'CSV in UTF-8' : 'Parquet'}: ${reason.split('\n')[0] ?? ''}`;
};

/** Makes one table per file, and confines later reads to exactly these files. Answers with each table's size on disk. */
export const loadFiles = async (connection: DuckDBConnection, path: string): Promise<ReadonlyMap<string, number>> => {
  const files = await findFiles(path);
  const copied = files.reduce((sum, { bytes }) => sum + bytes, 0) <= copiedBytes;
  for (const file of files) {
    try {
      if (copied && file.format === 'csv' && (await copyCsv(connection, file))) continue;
      const [kind, reader] = copied ? ['TABLE', wholeReaderOf(file)] : ['VIEW', await readerOf(connection, file)];
      await connection.run(`CREATE ${kind} ${quoteName(file.table)} AS SELECT * FROM ${reader}`);
    } catch (error) {
      // The other files are surveyed all the same: this one becomes a table that fails, with the reason, when it is read.
      await connection.run(
        `CREATE VIEW ${quoteName(file.table)} AS SELECT error(${quoteText(unreadable(file, error))}) AS unreadable`,
      );
    }
  }
  if (!copied) {
    await connection.run(`SET allowed_paths = [${files.map((file) => quoteText(file.path)).join(', ')}]`);
  }
  return new Map(files.map((file) => [file.table, file.bytes]));
};
