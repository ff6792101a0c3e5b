import { join } from 'node:path';
import type { LeftOut } from '../../../../../src/contracts/schema.ts';
import { dataFileFormat } from '../../../../../src/domain/engines/duckdb/data-file.ts';
import type { DataPart } from './file-loader.ts';
import { folderEntries } from './folder-entries.ts';
import { shownName } from './name-tables.ts';

/** The files of a folder that are one table, and what lies among them that is none. */
export type DataSet = { readonly parts: readonly DataPart[]; readonly left_out: readonly LeftOut[] };

const maxDepth = 8;

/** What Hive writes for NULL. */
const nullPartition = '__HIVE_DEFAULT_PARTITION__';

/** The column and the value that a folder's name holds, as in `year=2026`. */
const keyOf = (folder: string): readonly [string, string | null] | undefined => {
  const [, column, value] = /^([^=]+)=(.*)$/su.exec(folder) ?? [];
  if (column === undefined || value === undefined) return undefined;
  if (value === nullPartition) return [column, null];
  try {
    return [column, decodeURIComponent(value)];
  } catch {
    return [column, value];
  }
};

/** Whether a folder's name gives a value to a column. */
export const isPartition = (folder: string): boolean => keyOf(folder) !== undefined;

/** Whether a folder is a data set that was written in parts, by its own name: Spark writes `sales.parquet/part-00000….parquet`. */
export const isDataSetName = (folder: string): boolean => dataFileFormat(folder) !== undefined;

/**
 * The parts of a data set: the data files in a folder and in the partitions beneath it. What writers put among them for
 * themselves begins with `_` or a dot.
 */
export const findDataSet = async (
  root: string,
  folder: string,
  keys: ReadonlyMap<string, string | null> = new Map(),
  depth = 0,
): Promise<DataSet> => {
  const entries = await folderEntries(root, folder);
  const isData = (name: string): boolean => dataFileFormat(name) !== undefined;
  const files = entries.files.filter(({ name }) => !/(?:^|\/)_[^/]*$/.test(name));
  const own: DataSet = {
    parts: files.filter(({ name }) => isData(name)).map((file) => ({ ...file, keys })),
    left_out: [
      ...entries.left_out,
      ...files
        .filter(({ name }) => !isData(name))
        .map(({ name }) => ({
          name: shownName(name),
          detail: 'It lies among the parts of a data set, and is no data file by its ending.',
        })),
    ],
  };
  const below = await Promise.all(
    entries.folders.map(async (name): Promise<DataSet> => {
      const key = keyOf(name);
      if (key !== undefined && depth < maxDepth)
        return findDataSet(root, join(folder, name), new Map([...keys, key]), depth + 1);
      if (name.startsWith('_')) return { parts: [], left_out: [] };
      return {
        parts: [],
        left_out: [
          {
            name: shownName(join(folder.slice(root.length + 1), name)),
            detail: 'It is a folder within a data set, and no partition by its name.',
          },
        ],
      };
    }),
  );
  return {
    parts: [own, ...below].flatMap(({ parts }) => parts),
    left_out: [own, ...below].flatMap(({ left_out }) => left_out),
  };
};
