import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { FileEngine } from '../../src/contracts/engine.ts';
import { isDataFile } from '../../src/domain/engines/duckdb/data-file.ts';
import { fileKind, tellingBytes } from '../../src/domain/engines/file-kind.ts';

/** What of a folder is surveyed: its databases, each a source of its own, and whether there are data files beside them. */
export type FolderSources = { readonly databases: readonly string[]; readonly hasData: boolean };

/** Whether a file is a database, by its first bytes, or by its name where it is empty or damaged. Links are not followed, pipes not waited for. */
const isDatabase = (path: string): boolean => {
  let opened: number | undefined;
  try {
    opened = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (!fstatSync(opened).isFile()) return false;
    const start = Buffer.alloc(tellingBytes);
    const bytes = readSync(opened, start, 0, tellingBytes, 0);
    return FileEngine.safeParse(fileKind(path, start.toString('latin1', 0, bytes))).success;
  } catch {
    // What cannot be opened here, the survey of the folder tells of.
    return false;
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
};

/** Whether an entry is a folder of partitions (`year=2026`) or of parts, which is one table. */
const isDataSet = (
  folder: string,
  { name, isDirectory }: { readonly name: string; readonly isDirectory: boolean },
): boolean => {
  if (!isDirectory || name.startsWith('.')) return false;
  if (name.includes('=') || isDataFile(name)) return true;
  try {
    return readdirSync(join(folder, name)).some((inside) => inside.includes('='));
  } catch {
    return false;
  }
};

/** Looks for the databases among the files right in a folder. */
export const folderSources = (folder: string): FolderSources => {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
  const databases = files.filter(({ name }) => !isDataFile(name) && isDatabase(join(folder, name)));
  return {
    databases: databases.map(({ name }) => join(folder, name)),
    hasData: entries.some(
      (entry) =>
        (!entry.isDirectory() && isDataFile(entry.name)) ||
        isDataSet(folder, { name: entry.name, isDirectory: entry.isDirectory() }),
    ),
  };
};
