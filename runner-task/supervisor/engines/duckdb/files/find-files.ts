import { stat, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../../../../src/contracts/failure.ts';
import type { FoundFile } from './file-loader.ts';
import { tableFiles } from './table-names.ts';

const mostFiles = 1_000;

/** The files of a folder that can be tables, or the one file that a path leads to. Fails with DATABASE_EMPTY, DATABASE_UNREACHABLE. */
export const findFiles = async (path: string): Promise<readonly FoundFile[]> => {
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
