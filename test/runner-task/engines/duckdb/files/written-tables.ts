import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSqlite } from '../../../../../runner-task/supervisor/engines/sqlite/open-sqlite.ts';
import type { TableNote } from '../../../../../src/contracts/schema.ts';
import { loadFolder, type LoadedFolder } from './loaded-folder.ts';
import { writersPython } from './writers/writers-python.ts';

type Values = readonly (readonly (string | null)[])[];
type Truth = Readonly<
  Record<string, { readonly file: string; readonly names: readonly string[]; readonly rows: Values }>
>;

/** What became of the tables of independent writers. */
export type WrittenTables = {
  readonly equal: number;
  /** Read otherwise than written, with a note of it. */
  readonly told: readonly string[];
  readonly silent: readonly string[];
  readonly values: number;
};

type ReadTable = { readonly names: readonly string[]; readonly rows: Values; readonly notes: readonly TableNote[] };

const plainMoment = (text: string): string =>
  text
    .replace('T', ' ')
    .replace(/(?:\+00(?::00)?|Z)$/, '')
    .replace(/\.0+$/, '');

/** Whether a value is what was written, with the kind in front: "number 5". */
const isSame = (written: string | null, read: string | null): boolean => {
  if (written === null || read === null) return written === read;
  const at = written.indexOf(' ');
  const [kind, value] = [written.slice(0, at), written.slice(at + 1)];
  if (kind === 'number') {
    // Whole numbers to the last digit, others as the same double.
    if (/^-?\d+$/.test(value) && /^-?\d+$/.test(read)) return BigInt(value) === BigInt(read);
    return read.trim() !== '' && Number(value) === Number(read) && (!/^-?\d{16,}$/.test(value) || value === read);
  }
  if (kind === 'boolean') return value === read.toLowerCase();
  if (kind === 'moment' || kind === 'day')
    return plainMoment(value) === plainMoment(read).replace(/^(.{10}) 00:00:00$/, kind === 'day' ? '$1' : '$&');
  return value === read;
};

const readSqlite = async (path: string, folder: string): Promise<ReadTable> => {
  const bounds = { memory_bytes: 256 * 1024 * 1024, spill_folder: folder, python: 'none' };
  const engine = await openSqlite({ engine: 'sqlite', path }, bounds);
  try {
    const [table] = engine.opened.schema.tables;
    const { values } = await engine.run('SELECT * FROM written', { rows: 10_000, bytes: 10_000_000, seconds: 60 });
    const rows = (values[0] ?? []).map((_, row) =>
      values.map((column) => {
        const value = column[row];
        return value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);
      }),
    );
    return { names: table?.columns.map(({ name }) => name) ?? [], rows, notes: table?.notes ?? [] };
  } finally {
    await engine.close();
  }
};

const readTable = async (folder: LoadedFolder, table: string): Promise<ReadTable> => ({
  names: Object.keys(await folder.types(table)),
  rows: (await folder.rows(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM "${table}"`)) as Values,
  notes: folder.tables.find((each) => each.table === table)?.notes ?? [],
});

/** The first thing in which a table is not as it was written. */
const differenceOf = (
  { names, rows, notes }: ReadTable,
  truth: Truth[string],
): { readonly what: string; readonly isTold: boolean } | undefined => {
  const isTold = (column?: string): boolean =>
    notes.some(
      (note) => note.kind !== 'part_of' && (column === undefined || (note.columns?.includes(column) ?? false)),
    );
  // Records that leave out what has no value tell neither the order of their names nor one that none of them has.
  const isSparse = truth.file.endsWith('.ndjson.gz');
  const wanted = isSparse ? truth.names.filter((_, x) => truth.rows.some((row) => row[x] !== null)) : truth.names;
  const inOrder = (list: readonly string[]): string => JSON.stringify(isSparse ? list.toSorted() : list);
  if (inOrder(names) !== inOrder(wanted))
    return { what: `names ${names.join()} of ${truth.names.join()}`, isTold: isTold() };
  if (rows.length !== truth.rows.length)
    return {
      what: `${rows.length} rows of ${truth.rows.length}`,
      isTold: notes.some(({ kind }) => kind === 'left_out'),
    };
  for (const [y, row] of truth.rows.entries())
    for (const [x, value] of row.entries()) {
      const name = truth.names[x] ?? '';
      const read = rows[y]?.[names.indexOf(name)] ?? null;
      if (!isSame(value, read))
        return {
          what: `row ${y}, ${name}: ${JSON.stringify(value)} is ${JSON.stringify(read)}`,
          isTold: isTold(names[x]),
        };
    }
  return undefined;
};

/** Has Python write so many random tables, in each of its formats in turn, and reads them back. */
export const readWrittenTables = async (number: number, seed: number): Promise<WrittenTables> => {
  const python = await writersPython();
  const path = mkdtempSync(join(tmpdir(), 'surveyor-written-'));
  const told: string[] = [];
  const silent: string[] = [];
  let equal = 0;
  let values = 0;
  const script = fileURLToPath(new URL('writers/write_tables.py', import.meta.url));
  try {
    execFileSync(python, [script, path, String(number), String(seed)], { stdio: 'pipe' });
    const truths = Object.entries(JSON.parse(readFileSync(join(path, 'truth.txt'), 'utf8')) as Truth);
    const folder = await loadFolder(path);
    for (const [table, truth] of truths) {
      const read = truth.file.endsWith('.db')
        ? await readSqlite(join(path, truth.file), join(path, 'spill'))
        : await readTable(folder, table);
      const found = differenceOf(read, truth);
      values += truth.rows.length * truth.names.length;
      if (found === undefined) equal += 1;
      else (found.isTold ? told : silent).push(`${truth.file}: ${found.what}`);
    }
    folder.close();
    return { equal, told, silent, values };
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
};
