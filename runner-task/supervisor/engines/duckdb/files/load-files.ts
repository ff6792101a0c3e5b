import type { DuckDBConnection } from '@duckdb/node-api';
import type { LeftOut } from '../../../../../src/contracts/schema.ts';
import type { DataFormat } from '../../../../../src/domain/engines/duckdb/data-file.ts';
import { quoteText } from '../../../../../src/domain/sql-name.ts';
import { FileProblem, type FileLoader, type FoundFile, type LoadContext, type LoadedTable } from './file-loader.ts';
import { excelLoader } from './load-excel.ts';
import { dataFileStem } from '../../../../../src/domain/engines/duckdb/data-file.ts';
import { findFiles } from './find-files.ts';
import { csvLoader } from './load-csv.ts';
import { dropParts, loadDataSet } from './load-data-set.ts';
import { jsonLoader } from './load-json.ts';
import { parquetLoader } from './load-parquet.ts';
import { createTableNames, shownName } from './name-tables.ts';
import { createReadingTime, maxReadingSeconds } from './reading-time.ts';
import { recognizeFile } from './recognize-file.ts';
import { makeUnreadable } from './unreadable-table.ts';
import type { WantedFiles } from './wanted-files.ts';

/** Up to this size together, files are read into memory once; above it, each statement reads them again. */
const copiedBytes = 256 * 1024 * 1024;

const loaders: Readonly<Record<DataFormat, FileLoader>> = {
  csv: csvLoader,
  json: jsonLoader,
  parquet: parquetLoader,
  excel: excelLoader,
};

/** What files made: their tables, and what is no table, by name. */
export type LoadedFiles = {
  readonly tables: readonly LoadedTable[];
  readonly left_out: readonly LeftOut[];
  /** Tables that are not wanted: nothing was read of them but where they begin. */
  readonly unread: readonly string[];
};

/** The whole reason; DuckDB goes on with the statement, which is not the reader's. */
const unreadable = ({ name, format }: FoundFile, error: unknown): string => {
  const reason = (error instanceof Error ? error.message : String(error)).split(/\n+LINE \d+: /)[0]?.trim() ?? '';
  return error instanceof FileProblem
    ? `The file ${shownName(name)} cannot be read. ${reason}`
    : `The file ${shownName(name)} cannot be read as ${loaders[format].title}: ${reason}`;
};

const loadRecognized = async (
  connection: DuckDBConnection,
  file: FoundFile,
  context: LoadContext,
): Promise<readonly LoadedTable[]> => {
  const recognized = await recognizeFile(file);
  return loaders[recognized.format].load(connection, recognized, context);
};

const loadFile = async (
  connection: DuckDBConnection,
  file: FoundFile,
  context: LoadContext,
  inTime: (read: (signal: AbortSignal) => Promise<readonly LoadedTable[]>) => Promise<readonly LoadedTable[]>,
): Promise<readonly LoadedTable[]> => {
  const { table, bytes, notes, parts } = file;
  try {
    return await inTime((signal) =>
      parts === undefined
        ? loadRecognized(connection, { ...file, signal }, context)
        : loadDataSet(connection, { ...file, parts }, context.copied, (part) =>
            loadRecognized(
              connection,
              { ...part, signal },
              // What can be read in place is not copied twice.
              { ...context, isWanted: () => true, copied: part.format !== 'parquet' },
            ),
          ),
    );
  } catch (error) {
    await dropParts(connection);
    await makeUnreadable(connection, table, unreadable(file, error));
    return [{ table, bytes, notes, reads: [] }];
  }
};

/** Whether one of a file's tables is wanted; that it is a workbook only its content tells. */
const isWantedFile = async (file: FoundFile, wanted: WantedFiles): Promise<boolean> => {
  if (wanted.has(file.table)) return true;
  if (file.parts !== undefined || !wanted.hasSheetOf(dataFileStem(file.name))) return false;
  return recognizeFile(file).then(
    ({ format }) => format === 'excel',
    () => false,
  );
};

/** Makes the tables of the wanted files that a path leads to, else of all, and confines later reads to exactly those that were too large to be copied. */
export const loadFiles = async (
  connection: DuckDBConnection,
  path: string,
  wanted?: WantedFiles,
  seconds: number = maxReadingSeconds,
): Promise<LoadedFiles> => {
  const takeName = createTableNames();
  const found = await findFiles(path, takeName);
  const { left_out } = found;
  const files: FoundFile[] = [];
  const unread: string[] = [];
  for (const file of found.files) {
    if (wanted === undefined || (await isWantedFile(file, wanted))) files.push(file);
    else unread.push(file.table);
  }
  const isWanted = (table: string): boolean => {
    const is = wanted === undefined || wanted.has(table);
    if (!is) unread.push(table);
    return is;
  };
  const copied = files.reduce((sum, { bytes }) => sum + bytes, 0) <= copiedBytes;
  const tables: LoadedTable[] = [];
  const more: LeftOut[] = [];
  const time = createReadingTime(seconds);
  const context = { copied, isWanted, takeName, leaveOut: (entry: LeftOut) => void more.push(entry) };
  for (const [index, file] of files.entries())
    tables.push(
      ...(await loadFile(connection, file, context, (read) => time.read(connection, index === files.length - 1, read))),
    );
  const reads = tables.flatMap((table) => table.reads);
  if (reads.length > 0) await connection.run(`SET allowed_paths = [${reads.map(quoteText).join(', ')}]`);
  return { tables, left_out: [...left_out, ...more], unread };
};
