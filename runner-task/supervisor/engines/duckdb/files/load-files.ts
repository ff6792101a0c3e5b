import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName, quoteText } from '../../../../../src/domain/sql-name.ts';
import type { FileLoader, FoundFile, LoadedTable } from './file-loader.ts';
import { findFiles } from './find-files.ts';
import { csvLoader } from './load-csv.ts';
import { parquetLoader } from './load-parquet.ts';
import type { FileFormat } from './table-names.ts';

/** Up to this size together, files are read into memory once; above it, each statement reads them again. */
const copiedBytes = 256 * 1024 * 1024;

const loaders: Readonly<Record<FileFormat, FileLoader>> = { csv: csvLoader, parquet: parquetLoader };

/** The reason in its first line; DuckDB goes on with its options and the statement. */
const unreadable = ({ file, format }: FoundFile, error: unknown): string => {
  const reason = error instanceof Error ? error.message : String(error);
  return `The file ${file} cannot be read as ${loaders[format].title}: ${reason.split('\n')[0] ?? ''}`;
};

const loadFile = async (
  connection: DuckDBConnection,
  file: FoundFile,
  copied: boolean,
): Promise<readonly LoadedTable[]> => {
  try {
    return await loaders[file.format].load(connection, file, copied);
  } catch (error) {
    // The other files are surveyed all the same: this one becomes a table that fails, with the reason, when it is read.
    await connection.run(
      `CREATE VIEW ${quoteName(file.table)} AS SELECT error(${quoteText(unreadable(file, error))}) AS unreadable`,
    );
    return [{ table: file.table, bytes: file.bytes }];
  }
};

/** Makes the tables of all files, and confines later reads to exactly these files. */
export const loadFiles = async (connection: DuckDBConnection, path: string): Promise<readonly LoadedTable[]> => {
  const files = await findFiles(path);
  const copied = files.reduce((sum, { bytes }) => sum + bytes, 0) <= copiedBytes;
  const tables: LoadedTable[] = [];
  for (const file of files) tables.push(...(await loadFile(connection, file, copied)));
  if (!copied) {
    await connection.run(`SET allowed_paths = [${files.map((file) => quoteText(file.path)).join(', ')}]`);
  }
  return tables;
};
