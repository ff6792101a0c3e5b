import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { loadFiles, type LoadedFiles } from '../../../../../runner-task/supervisor/engines/duckdb/files/load-files.ts';

/** A folder that is loaded, and what can be asked of it. */
export type LoadedFolder = LoadedFiles & {
  /** The rows of a statement, as JavaScript's values. */
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** Why a table cannot be read. */
  reason(table: string): Promise<string>;
  /** The types of a table's columns, by name. */
  types(table: string): Promise<Readonly<Record<string, string>>>;
  close(): void;
};

/** A folder of its own, of these files by their paths in it. */
export const createFolder = (files: Readonly<Record<string, string | Uint8Array>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-files-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
};

const rowsOf = async (connection: DuckDBConnection, sql: string): Promise<readonly (readonly unknown[])[]> =>
  (await connection.runAndReadAll(sql)).getRowsJS();

/** Loads a folder or a file as a sandbox does. */
export const loadFolder = async (path: string, seconds?: number): Promise<LoadedFolder> => {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: '1GB',
    threads: '2',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const connection = await instance.connect();
  const loaded = await loadFiles(connection, path, undefined, seconds);
  await connection.run('SET GLOBAL enable_external_access = false');
  return {
    ...loaded,
    rows: (sql) => rowsOf(connection, sql),
    reason: async (table) =>
      rowsOf(connection, `FROM "${table.replaceAll('"', '""')}"`).then(
        () => 'it can be read',
        (error: unknown) => String(error),
      ),
    types: async (table) =>
      Object.fromEntries(
        (await rowsOf(connection, `DESCRIBE "${table.replaceAll('"', '""')}"`)).map(([name, type]) => [name, type]),
      ) as Readonly<Record<string, string>>,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
};

/** Loads files as a folder, asks, and removes it. */
export const withFolder = async <T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  ask: (folder: LoadedFolder, path: string) => Promise<T>,
  prepare: (path: string) => void = () => undefined,
): Promise<T> => {
  const path = createFolder(files);
  prepare(path);
  const folder = await loadFolder(path);
  try {
    return await ask(folder, path);
  } finally {
    folder.close();
    rmSync(path, { recursive: true, force: true });
  }
};
