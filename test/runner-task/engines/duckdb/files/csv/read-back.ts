import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { FileProblem } from '../../../../../../runner-task/supervisor/engines/duckdb/files/file-loader.ts';
import { loadCsv } from '../../../../../../runner-task/supervisor/engines/duckdb/files/load-csv.ts';
import type { TableNote } from '../../../../../../src/contracts/schema.ts';
import { type GeneratedCsv, repeatsNames, writeCsv } from './generated-csv.ts';

/** What became of a file. */
export type ReadBack = {
  readonly result: 'equal' | 'told' | 'failed' | 'silent';
  readonly direct: boolean;
  readonly difference?: string;
  readonly notes: readonly TableNote[];
};

type Loaded = {
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly notes: readonly TableNote[];
  readonly direct: boolean;
};

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads a file by one of the two readers, all values as texts. */
export const loadBytes = async (
  connection: DuckDBConnection,
  folder: string,
  bytes: Buffer,
  directFrom: number,
): Promise<Loaded> => {
  const path = join(folder, 'generated.csv');
  writeFileSync(path, bytes);
  await connection.run('DROP TABLE IF EXISTS generated');
  try {
    const { notes, direct } = await loadCsv(
      connection,
      { name: 'generated.csv', path, bytes: bytes.length, table: 'generated', format: 'csv', notes: [] },
      true,
      directFrom,
    );
    const columns = await connection.runAndReadAll('DESCRIBE generated');
    const read = await connection.runAndReadAll('SELECT CAST(COLUMNS(*) AS VARCHAR) FROM generated');
    return {
      names: columns.getRowsJS().map(([name]) => asText(name)),
      types: columns.getRowsJS().map(([, type]) => asText(type)),
      rows: read.getRowsJS().map((row) => row.map((value) => (typeof value === 'string' ? value : null))),
      notes,
      direct,
    };
  } finally {
    rmSync(path);
  }
};

const two = (text = ''): string => text.padStart(2, '0');

/** What a text means in each of the readings that have to be told. */
const meanings = (text: string): readonly string[] => {
  const [, first, sign, second, year] = /^(\d{1,2})([/.])(\d{1,2})\2(\d{4})$/.exec(text) ?? [];
  const days =
    year === undefined || sign === undefined
      ? []
      : [`${year}-${two(second)}-${two(first)}`, `${year}-${two(first)}-${two(second)}`];
  const moment = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z$/.exec(text);
  return [
    ...days,
    ...(moment ? [`${moment[1]} ${moment[2]}`] : []),
    ...(/^-?\d+,\d+$/.test(text) ? [text.replace(',', '.')] : []),
    ...(/^-?\d{1,3}(?:\.\d{3})*,\d+$/.test(text) ? [text.replaceAll('.', '').replace(',', '.')] : []),
    ...(/^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text) ? [text.replaceAll(',', '')] : []),
    ...(/^-?\d{1,3}(?:\.\d{3})+$/.test(text) ? [text.replaceAll('.', '')] : []),
  ];
};

const isSame = (read: string | null, text: string | null, type: string, told: boolean): boolean => {
  if (read === text) return true;
  if (read === null || text === null) return false;
  // As most writers have it: 12 beside 12.5.
  if (type === 'DOUBLE')
    return `${text}.0` === read || (Number(text) === Number(read) && String(Number(text)) === text);
  return told && meanings(text).includes(read);
};

const isTold = (notes: readonly TableNote[], kinds: readonly TableNote['kind'][], column?: string): boolean =>
  notes.some(
    (note) => kinds.includes(note.kind) && (column === undefined || (note.columns?.includes(column) ?? false)),
  );

/** The first difference between what was written and what was read. */
const differenceOf = (
  { names, types, rows, notes }: Loaded,
  { table, writing }: GeneratedCsv,
  expected: GeneratedCsv['table'],
): string | undefined => {
  if (writing.header && JSON.stringify(names) !== JSON.stringify(expected.names))
    return `names ${JSON.stringify(names)}`;
  if (names.length !== table.names.length) return `${names.length} columns`;
  if (rows.length !== expected.rows.length) return `${rows.length} rows in the place of ${expected.rows.length}`;
  for (const [index, row] of rows.entries()) {
    for (const [column, value] of row.entries()) {
      const text = expected.rows[index]?.[column] ?? null;
      const type = types[column] ?? '';
      if (!isSame(value, text, type, isTold(notes, ['read_as', 'assumed'], names[column])))
        return `row ${index}, ${names[column]} ${type}: ${JSON.stringify(value)} in the place of ${JSON.stringify(text)}`;
    }
  }
  return undefined;
};

/** Writes a known table, reads it, and compares. */
export const readBack = async (
  connection: DuckDBConnection,
  folder: string,
  generated: GeneratedCsv,
): Promise<ReadBack> => {
  const { bytes, expected } = writeCsv(generated);
  const { writing } = generated;
  try {
    const loaded = await loadBytes(connection, folder, bytes, 1024 * 1024);
    const { notes, direct } = loaded;
    const difference = differenceOf(loaded, generated, expected);
    // The last line above rows that have no names is their name as far as anybody can tell.
    const isName = !writing.header && writing.above.length > 0 && loaded.names[0] === writing.above.at(-1);
    const leftOut = writing.above.length > (isName ? 1 : 0) || writing.below.length > 0 || repeatsNames(generated);
    if (difference === undefined) {
      // Right, and yet silent on what it left out or how it took the names.
      if (leftOut && !isTold(notes, ['left_out', 'aside']))
        return { result: 'silent', direct, notes, difference: 'lines left out' };
      if (!writing.header && !isName && !isTold(notes, ['renamed', 'assumed']))
        return { result: 'silent', direct, notes, difference: 'names made' };
      return { result: 'equal', direct, notes };
    }
    return { result: isTold(notes, ['assumed', 'left_out', 'aside']) ? 'told' : 'silent', direct, notes, difference };
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return { result: 'failed', direct: false, notes: [], difference: error.message };
  }
};
