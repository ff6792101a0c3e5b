import { realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../../../../../src/contracts/failure.ts';
import type { LeftOut, TableNote } from '../../../../../src/contracts/schema.ts';
import { dataFileEndings, dataFileFormat } from '../../../../../src/domain/engines/duckdb/data-file.ts';
import { findDataSet, isDataSetName, isPartition } from './data-set.ts';
import type { DataPart, DiskFile, FoundFile } from './file-loader.ts';
import { folderEntries } from './folder-entries.ts';
import { nameTables, shownName, type TableNames } from './name-tables.ts';
import { noDataFile, whyNoData } from '../../file-content.ts';

/** Tables, and parts of data sets, that a folder may have. */
const maxTables = 1_000;
const maxParts = 10_000;

/** Entries that are named one by one as left out. */
const maxNamed = 100;

/** The files of a folder that become tables, and its other entries. */
export type FoundFiles = { readonly files: readonly FoundFile[]; readonly left_out: readonly LeftOut[] };

/** What becomes a table, before it has a name. */
type Candidate = DiskFile & { readonly parts?: readonly DataPart[] };

const fail = (path: string, problem: string): Failure => new Failure('DATABASE_UNREACHABLE', `${path} ${problem}`);

const dataSetOf = (name: string, path: string, parts: readonly DataPart[]): Candidate => ({
  name,
  path,
  bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
  parts,
});

/** Folders that are looked into for data files below a subfolder. */
const maxLooked = 200;

/** The first folder below that has data files right in it. */
const findBelow = async (root: string, path: string, folders: readonly string[]): Promise<string | undefined> => {
  const waiting = folders.map((name) => join(path, name));
  for (let looked = 0; looked < maxLooked; looked += 1) {
    const next = waiting.shift();
    if (next === undefined) return undefined;
    const inside = await folderEntries(root, next).catch(() => undefined);
    if (inside?.files.some((file) => dataFileFormat(file.path) !== undefined)) return next;
    waiting.push(...(inside?.folders ?? []).map((name) => join(next, name)));
  }
  return undefined;
};

/** Subfolders that are one table, by their names or by those of the folders in them; the others are left out by name. */
const findDataSets = async (
  root: string,
  folders: readonly string[],
): Promise<{ readonly sets: readonly Candidate[]; readonly left_out: readonly LeftOut[] }> => {
  const sets: Candidate[] = [];
  const left_out: LeftOut[] = [];
  for (const name of folders) {
    const path = join(root, name);
    const inside = await folderEntries(root, path).catch(() => undefined);
    if (inside === undefined) {
      left_out.push({
        name: `${shownName(name)}/`,
        detail: 'It is a folder that cannot be read: the permission is missing.',
      });
    } else if (isDataSetName(name) || inside.folders.some(isPartition)) {
      const found = await findDataSet(root, path);
      left_out.push(...found.left_out);
      if (found.parts.length > 0) sets.push(dataSetOf(name, path, found.parts));
    } else {
      const held = inside.files.filter((file) => dataFileFormat(file.path) !== undefined).length;
      const below = held > 0 ? undefined : await findBelow(root, path, inside.folders);
      const detail =
        held > 0
          ? `It is a folder with ${held === 1 ? '1 data file' : `${held} data files`}, which ${held === 1 ? 'is' : 'are'} not read here. Survey it as a source of its own: ${path}`
          : below === undefined
            ? 'It is a folder without data files.'
            : `It is a folder without data files right in it; there are some in ${shownName(below.slice(root.length + 1))}/. Survey that as a source of its own: ${below}`;
      left_out.push({ name: `${shownName(name)}/`, detail });
    }
  }
  return { sets, left_out };
};

/** The first entries by name, and how many there are beyond. */
const bounded = (left_out: readonly LeftOut[]): readonly LeftOut[] =>
  left_out.length <= maxNamed
    ? left_out
    : [
        ...left_out.slice(0, maxNamed),
        { name: '…', detail: `${left_out.length - maxNamed} more entries are left out, for reasons like these.` },
      ];

const formatOf = ({ name, parts }: Candidate): FoundFile['format'] =>
  dataFileFormat(parts?.[0]?.name ?? name) ?? dataFileFormat(name) ?? 'csv';

/** What writers call the parts of one table, as `part-0001.csv` and `part-00000-<id>.c000.snappy.parquet`. */
const partName = /^part-\d{1,6}\b/i;

/** Files that may be one table, by their names: nothing but a folder's name says that they are. */
const partNotes = ({ name, parts }: Candidate, candidates: readonly Candidate[]): readonly TableNote[] => {
  if (parts !== undefined || !partName.test(name)) return [];
  const count = candidates.filter((other) => other.parts === undefined && partName.test(other.name)).length;
  const detail = `By their names, ${count} files here may be the parts of one table; each was read as a table of its own. To have them as one, put them in a folder that is called as a file, such as sales${/\.(?:parquet|json|ndjson|jsonl)\b/i.exec(name)?.[0] ?? '.csv'}/.`;
  return count > 1 ? [{ kind: 'assumed', detail }] : [];
};

const named = (candidates: readonly Candidate[], takeName: TableNames): readonly FoundFile[] => {
  const names = nameTables(
    candidates.map(({ name }) => name),
    takeName,
  );
  return candidates.map((candidate, index) => ({
    ...candidate,
    table: names[index]?.table ?? candidate.name,
    notes: [...(names[index]?.notes ?? []), ...partNotes(candidate, candidates)],
    format: formatOf(candidate),
  }));
};

const findInFolder = async (
  root: string,
): Promise<{ candidates: readonly Candidate[]; left_out: readonly LeftOut[] }> => {
  const entries = await folderEntries(root, root);
  if (entries.folders.some(isPartition)) {
    const { parts, left_out } = await findDataSet(root, root);
    const [beside, within] = [parts.filter(({ keys }) => keys.size === 0), parts.filter(({ keys }) => keys.size > 0)];
    // Files beside the partitions are tables of their own: they need not have the same columns, or be readable.
    if (within.length > 0) return { candidates: [dataSetOf(basename(root), root, within), ...beside], left_out };
  }
  const { sets, left_out } = await findDataSets(root, entries.folders);
  const isData = ({ name }: DiskFile): boolean => dataFileFormat(name) !== undefined;
  const others = await Promise.all(
    entries.files
      .filter((file) => !isData(file))
      .map(async (file) => ({ name: shownName(file.name), detail: await whyNoData(file.path) })),
  );
  return {
    candidates: [...entries.files.filter(isData), ...sets].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    left_out: [...entries.left_out, ...left_out, ...others].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
};

/**
 * The files of a folder that become tables, or the one file that a path leads to. Whatever is wrong with one entry, it alone is left
 * out, or fails later. Fails with DATABASE_EMPTY, DATABASE_UNREACHABLE.
 */
export const findFiles = async (path: string, takeName: TableNames): Promise<FoundFiles> => {
  // The path itself may be a link: whoever gave it meant what it leads to.
  const root = await realpath(path);
  const info = await stat(root);
  const { candidates, left_out } = info.isDirectory()
    ? await findInFolder(root)
    : { candidates: [{ name: basename(path), path: root, bytes: info.size }], left_out: [] };
  const data = candidates.filter(({ name, parts }) => parts !== undefined || dataFileFormat(name) !== undefined);
  if (data.length === 0) {
    // What is named as something tells more than what only is no data file.
    const telling = left_out.toSorted(
      (a, b) => Number(a.detail.startsWith(noDataFile)) - Number(b.detail.startsWith(noDataFile)),
    );
    const reasons = telling.slice(0, 5).map(({ name, detail }) => ` ${name}: ${detail}`);
    throw new Failure(
      'DATABASE_EMPTY',
      `There is no table at ${path}: no file there ends in ${dataFileEndings}.${info.isDirectory() ? reasons.join('') : ` ${await whyNoData(root)}`}`,
    );
  }
  if (data.length > maxTables)
    throw fail(
      path,
      `holds ${data.length} files; at most ${maxTables} can be surveyed at once. Name a smaller folder.`,
    );
  const parts = data.reduce((sum, one) => sum + (one.parts?.length ?? 0), 0);
  if (parts > maxParts)
    throw fail(
      path,
      `holds ${parts} files of data sets; at most ${maxParts} can be surveyed at once. Name a smaller folder.`,
    );
  return { files: named(data, takeName), left_out: bounded(left_out) };
};
