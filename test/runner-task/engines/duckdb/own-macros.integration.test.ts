import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckdb } from '../../../../runner-task/supervisor/engines/duckdb/open-duckdb.ts';
import {
  duckdbFunctionNames,
  duckdbTableFunctionNames,
} from '../../../../runner-task/supervisor/engines/duckdb/policy/duckdb-functions.ts';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { quoteName } from '../../../../src/domain/sql-name.ts';
import { profileWith } from '../../../domain/profile/profile-with.ts';
import { plainColumns, statementsAbout, suspiciousTables } from '../../../domain/rules/suspicious-table.ts';
import { tablesOfEveryType } from '../../../support/tables-of-every-type.ts';

const { before, columns, rows } = tablesOfEveryType.duckdb;
const declared = [...columns, ...plainColumns.duckdb].map(([name, type]) => `"${name}" ${type}`).join(', ');
const tables = [
  ...before,
  ...['odd', 'also_odd'].flatMap((table) => [
    `CREATE TABLE ${table} (${declared})`,
    ...rows.map((row) => {
      const named = Object.keys(row).map(quoteName).join(', ');
      return `INSERT INTO ${table} (${named}) VALUES (${Object.values(row).join(', ')})`;
    }),
  ]),
  'CREATE SCHEMA more; CREATE TABLE more.lines AS SELECT range AS id, range % 3 AS kind FROM range(30)',
  "CREATE MACRO shout(word) AS CASE WHEN word = '2' THEN 'TWO' ELSE word END",
  'CREATE VIEW seen AS SELECT id, shout(kind::VARCHAR) AS kind FROM more.lines',
  'CREATE TABLE gone (id INTEGER); CREATE VIEW broken AS SELECT id FROM gone; DROP TABLE gone',
];

/** A macro of every built-in name and of one to three arguments, each of which ends the statement that calls it. */
const macros = [...duckdbFunctionNames].map(
  (name) =>
    `CREATE MACRO ${quoteName(name)}${['a', 'a, b', 'a, b, c'].map((given) => `(${given}) AS error('captured')`).join(', ')}`,
);
const tableMacros = [...duckdbTableFunctionNames].map(
  (name) => `CREATE MACRO ${quoteName(name)}(a) AS TABLE SELECT error('captured')`,
);

const limits = { rows: 1_000, bytes: 10_000_000, seconds: 30 };

const surveyed = async (engine: OpenEngine): Promise<Readonly<Record<string, unknown>>> => {
  const answers: Record<string, unknown> = { tables: engine.opened.schema.tables };
  for (const schema of engine.opened.schema.tables.filter(({ name }) => name !== 'broken')) {
    const {
      statements: _,
      milliseconds: __,
      ...profile
    } = await profileWith('duckdb', schema, (sql) => engine.run(sql, limits));
    answers[schema.name] = profile;
  }
  const asked = [columns, plainColumns.duckdb].map((some) =>
    statementsAbout('duckdb', suspiciousTables('duckdb', some, 'groups')),
  );
  const checks = asked.flatMap((one) => one.checks.flatMap(({ check }) => check ?? []));
  for (const sql of new Set([...asked.flatMap((one) => one.statements), ...checks])) {
    const { values } = await engine.run(sql, limits).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${sql}`);
    });
    // What says nothing of an order has its rows in any: two threads group them.
    answers[sql] = (values[0] ?? []).map((_, row) => JSON.stringify(values.map((column) => column[row]))).toSorted();
  }
  return answers;
};

describe('a DuckDB file with macros of built-in names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-macros-'));
  const open = async (name: string, statements: readonly string[]): Promise<OpenEngine> => {
    const path = join(folder, `${name}.duckdb`);
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    for (const sql of statements) await connection.run(sql);
    connection.closeSync();
    instance.closeSync();
    return openDuckdb({ engine: 'duckdb', path }, { memory_bytes: 2 ** 29, spill_folder: folder, python: 'python3' });
  };
  let plain: OpenEngine;
  let own: OpenEngine;
  beforeAll(async () => {
    plain = await open('plain', tables);
    own = await open('sales', [...tables, ...macros, ...tableMacros]);
  });
  afterAll(async () => {
    await plain?.close();
    await own?.close();
    rmSync(folder, { recursive: true });
  });

  it('is measured and checked as one without them', async () => {
    const [expected, found] = [await surveyed(plain), await surveyed(own)];
    const differing = Object.keys(expected).filter(
      (key) => JSON.stringify(found[key]) !== JSON.stringify(expected[key]),
    );
    // What is asked with the present time in it may come out otherwise a moment later.
    expect(differing.filter((sql) => !/now\(|current_timestamp/.test(sql))).toEqual([]);
  }, 120_000);

  it('is read by statements in which built-in names are what they are anywhere', async () => {
    const answer = (sql: string): Promise<unknown> =>
      own.run(sql, limits).then(
        ({ values }) => values,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
    const refused: unknown = expect.stringMatching(/^Rule "functions"/);
    const answers: Readonly<Record<string, unknown>> = {
      "SELECT upper('a') || 'b', 1 + 2, [5, 6][1], 'ab' LIKE 'a%'": [['Ab'], [3], [5], [true]],
      'SELECT count(*), max(l.id) FROM more.lines l JOIN sales.more.lines USING (id)': [[30], [29]],
      'SELECT kind FROM seen WHERE id = 2': [['TWO']],
      'SELECT sum(id) FROM broken': expect.stringMatching(/gone/),
      'SELECT sales.main.upper($$a$$)': refused,
      'SELECT sales.upper($$a$$)': refused,
      'FROM sales.main.range(3)': refused,
      'SELECT shout($$a$$)': refused,
    };
    for (const [sql, expected] of Object.entries(answers)) expect([sql, await answer(sql)]).toEqual([sql, expected]);
  });
});
