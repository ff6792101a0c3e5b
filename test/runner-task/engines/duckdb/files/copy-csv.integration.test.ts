import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyCsv } from '../../../../../runner-task/supervisor/engines/duckdb/files/copy-csv.ts';

const rows = 60_000;
const unseen = 30_000;
const pad = 'x'.repeat(40);

/** A file whose second column is written one way where a guess looks, and another way further down. */
const file = (early: (row: number) => string, late: (row: number) => string): string =>
  `id,value,filler\n${Array.from({ length: rows }, (_, row) => `${row},${row < unseen ? early(row) : late(row)},${pad}`).join('\n')}\n`;

const cases: Readonly<Record<string, { readonly text: string; readonly quick: boolean }>> = {
  'whole numbers': { text: file(String, String), quick: true },
  'doubles and gaps': {
    text: file(
      (row) => `${row}.25`,
      (row) => (row % 2 ? '' : String(row)),
    ),
    quick: true,
  },
  'late quotes': {
    text: file(
      (row) => `v${row}`,
      (row) => `"v, ""${row}"""`,
    ),
    quick: true,
  },
  'late line breaks': {
    text: file(
      (row) => `v${row}`,
      (row) => `"v\n${row}"`,
    ),
    quick: true,
  },
  'days of another order': {
    text: file(
      () => '13/02/2020',
      () => '01/02/2020',
    ),
    quick: true,
  },
  'late fractions': { text: file(String, (row) => `${row}.5`), quick: false },
  'late exponents': { text: file(String, () => '1e5'), quick: false },
  'late signs': { text: file(String, (row) => `+49${row}`), quick: false },
  'late words': { text: file(String, () => 'unknown'), quick: false },
  'numbers too great': { text: file(String, () => '9'.repeat(20)), quick: false },
  'late moments': {
    text: file(
      () => '2020-01-01',
      () => '2020-01-01 10:00:00',
    ),
    quick: false,
  },
  'late moments after days of another order': {
    text: file(
      () => '13/02/2020',
      () => '13/02/2020 10:00:00',
    ),
    quick: false,
  },
  'values that come late': { text: file(() => '', String), quick: false },
  'late single quotes': {
    text: file(
      (row) => `v${row}`,
      (row) => `'v, ${row}'`,
    ),
    quick: false,
  },
};

describe('a large CSV file that is copied by what its first rows look like', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-copy-csv-'));
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  });
  afterAll(() => {
    connection.closeSync();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Column types, rows, and a sum of hashes by which two tables differ if any value does. */
  const contents = async (table: string): Promise<unknown> => {
    const read = await connection.runAndReadAll(
      `SELECT count(*), sum(hash(COLUMNS(*)::VARCHAR))::VARCHAR, any_value(typeof(COLUMNS(*))) FROM ${table}`,
    );
    return read.getRowsJS();
  };

  it.each(Object.entries(cases))('has the values that a look at all rows finds: %s', async (_, { text, quick }) => {
    const path = join(folder, 'table.csv');
    writeFileSync(path, text);
    await connection.run('DROP TABLE IF EXISTS copied');
    expect(await copyCsv(connection, { table: 'copied', path, bytes: statSync(path).size })).toBe(quick);
    const found = await connection.runAndReadAll(`FROM duckdb_tables() WHERE table_name = 'copied'`);
    expect(found.currentRowCount).toBe(quick ? 1 : 0);
    if (!quick) return;
    await connection.run(`CREATE OR REPLACE TABLE looked AS FROM read_csv('${path}', sample_size = -1)`);
    expect(await contents('copied')).toEqual(await contents('looked'));
  });
});
