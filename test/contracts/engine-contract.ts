import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../runner-task/supervisor/database.ts';
import type { OpenedDatabase } from '../../runner-task/supervisor/engines/open-engine.ts';
import type { PlacedTarget } from '../../src/contracts/sandbox.ts';
import { connectionForms } from '../../src/contracts/engine.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { ResultTable, StatementLimits } from '../../src/contracts/sandbox.ts';
import { DatabaseSchema } from '../../src/contracts/schema.ts';
import { parseConnectionString } from '../../src/domain/connection/parse-connection-string.ts';
import { engineSql } from '../../src/domain/engines/registry.ts';
import { profileWith, profiledAt } from '../domain/profile/profile-with.ts';
import { policyPython } from '../runner-task/policy/policy-python.ts';
import { isMissing, needsOf } from '../support/is-missing.ts';
import type { EngineDatabase, EngineUnderTest } from './engine/engine-database.ts';
import { expectedFigures } from './engine/expected-figures.ts';
import { measuredColumns, measuredTables, type MeasuredColumn, type Value, valuesOf } from './engine/measured-table.ts';

const limits: StatementLimits = { rows: 100_000, bytes: 32 * 1024 * 1024, seconds: 60 };

/** The statements that make the tables: those that are measured, and two that point at each other. */
const setupOf = ({ engine, types }: EngineUnderTest): readonly string[] => {
  const { quoteName, quoteText } = engineSql[engine].names;
  const literal = (value: Value): string => {
    if (value === null) return 'NULL';
    return typeof value === 'string' ? quoteText(value) : String(value);
  };
  const made = Object.entries(measuredTables).flatMap(([table, rows]) => [
    `CREATE TABLE ${table} (${measuredColumns.map(({ name, type }) => `${quoteName(name)} ${types[type]}`).join(', ')})`,
    ...Array.from({ length: Math.ceil(rows / 500) }, (_, at) => {
      const some = Array.from({ length: Math.min(500, rows - at * 500) }, (__, row) => at * 500 + row);
      const tuples = some.map((row) => `(${measuredColumns.map(({ value }) => literal(value(row))).join(', ')})`);
      return `INSERT INTO ${table} VALUES ${tuples.join(',\n')}`;
    }),
  ]);
  return [
    ...made,
    `CREATE TABLE customers (id ${types.whole} NOT NULL, ${quoteName('größe "x"')} ${types.word}, code ${types.word} NOT NULL, PRIMARY KEY (id), UNIQUE (code))`,
    `CREATE TABLE orders (no ${types.whole} NOT NULL, line ${types.whole} NOT NULL, customer_id ${types.whole}, PRIMARY KEY (no, line), FOREIGN KEY (customer_id) REFERENCES customers (id))`,
    `CREATE VIEW ${quoteName('order "lines"')} AS SELECT no, line FROM orders`,
    "INSERT INTO customers VALUES (1, 'a', 'A'), (2, NULL, 'B')",
    'INSERT INTO orders VALUES (1, 1, 1), (1, 2, NULL)',
  ];
};

/** Writes that every engine knows. */
const writes = [
  "INSERT INTO customers VALUES (3, 'c', 'C')",
  "UPDATE customers SET code = 'Z'",
  'DELETE FROM orders',
  'CREATE TABLE made (a int)',
  'CREATE TABLE made AS SELECT * FROM customers',
  'CREATE VIEW made AS SELECT 1 AS a',
  'CREATE INDEX made ON orders (customer_id)',
  'ALTER TABLE orders ADD COLUMN made int',
  'DROP TABLE orders',
  'DROP VIEW made',
  'BEGIN',
  'COMMIT',
  'SELECT 1; DELETE FROM orders',
  'WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone',
  '/* SELECT */ DELETE FROM orders -- SELECT',
];

/** As long as it takes: two thousand rows with themselves, four times. */
const endless =
  'SELECT count(*) AS n FROM measured a, measured b, measured c, measured d WHERE a.id + b.id + c.id + d.id < -1';

/** What every engine does, seen from the supervisor: through the process that its databases are opened in. */
export const describeEngineContract = (under: EngineUnderTest): void => {
  const { engine } = under;
  describe.skipIf(isMissing(...needsOf[engine]))(`the engine ${engine}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'surveyor-engine-'));
    let made: EngineDatabase;
    let database: Database;
    let opened: OpenedDatabase;

    beforeAll(async () => {
      made = await under.start(setupOf(under));
      const python = engine === 'mysql' ? await policyPython() : 'none';
      database = createDatabase(
        { memory_bytes: 512 * 1024 * 1024, spill_folder: join(folder, 'spill'), python },
        folder,
      );
      // Every engine's databases are opened where they are.
      opened = await database.open(made.target as PlacedTarget);
    }, 300_000);
    afterAll(async () => {
      database?.close();
      await made?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const run = (sql: string, more: Partial<StatementLimits> = {}): Promise<ResultTable> =>
      database.run(sql, { ...limits, ...more });
    const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
      const outcome = await work.then(
        () => 'nothing failed',
        (error: unknown) => error,
      );
      if (outcome instanceof Failure) return outcome;
      throw new Error(String(outcome));
    };
    const tableOf = (name: string) => {
      const found = opened.schema.tables.find((table) => table.name === name);
      if (found === undefined) throw new Error(`There is no table ${name}.`);
      return found;
    };

    it('reads the address that help and messages show', () => {
      const { target, label } = parseConnectionString(connectionForms[engine]);
      expect(target.engine).toBe(engine);
      expect(label).not.toContain('password');
      expect(parseConnectionString(label.replace('://', '://u:p@').replace('://u:p@/', ':///')).label).toBe(label);
    });

    it('tells its tables and views, their columns and keys', () => {
      expect(DatabaseSchema.parse(opened.schema)).toEqual(opened.schema);
      expect(opened.schema.engine).toBe(engine);
      expect(opened.schema.engine_version).toMatch(/^v?\d/);
      expect(opened.schema.tables.map(({ name, kind }) => `${kind} ${name}`).toSorted()).toEqual(
        [
          'table customers',
          'table no_rows',
          'table measured',
          'table one',
          'table orders',
          'view order "lines"',
        ].toSorted(),
      );
      expect(opened.addresses.map(({ name }) => name)).toEqual(opened.schema.tables.map(({ name }) => name));
      expect(tableOf('customers').columns.map(({ name, nullable }) => [name, nullable])).toEqual([
        ['id', false],
        ['größe "x"', true],
        ['code', false],
      ]);
      expect(tableOf('customers').constraints).toEqual(
        expect.arrayContaining([
          { kind: 'primary_key', columns: ['id'] },
          { kind: 'unique', columns: ['code'] },
        ]),
      );
      const references = { table: 'customers', columns: ['id'] };
      expect(tableOf('orders').constraints.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual([
        { kind: 'foreign_key', columns: ['customer_id'], references },
        { kind: 'primary_key', columns: ['no', 'line'] },
      ]);
      expect(opened.schema.not_visible).toEqual([]);
    });

    it('answers with values whose digits, letters and moments are those that were stored', async () => {
      const { quoteName } = engineSql[engine].names;
      const names = measuredColumns.map(({ name }) => quoteName(name)).join(', ');
      const answer = await run(`SELECT ${names} FROM measured ORDER BY id`);
      expect(answer.columns.map(({ name }) => name)).toEqual(measuredColumns.map(({ name }) => name));
      expect([answer.rows, answer.truncated]).toEqual([2_000, false]);
      for (const [at, column] of measuredColumns.entries()) {
        const shown = answer.values[at]?.map((value) =>
          value === null || column.kind !== 'number' ? value : Number(value),
        );
        const stored = valuesOf(column, 2_000).map((value) => (typeof value === 'bigint' ? Number(value) : value));
        expect([column.name, shown]).toEqual([column.name, stored]);
      }
      const [[great], [text]] = (
        await run(`SELECT 9007199254740993 AS n, ${engineSql[engine].names.quoteText(`it's "\\so" 表🙂`)} AS t`)
      ).values as [[unknown], [unknown]];
      expect([String(great), text]).toEqual(['9007199254740993', `it's "\\so" 表🙂`]);
    });

    it('cuts a result at the limit of rows and says so, and does not say so of one that fits', async () => {
      const cut = await run('SELECT id FROM measured ORDER BY id', { rows: 10 });
      expect([cut.rows, cut.truncated, cut.values]).toEqual([10, true, [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]]);
      expect(await run('SELECT id FROM measured', { rows: 2_000 })).toMatchObject({ rows: 2_000, truncated: false });
      expect(await run('SELECT id FROM no_rows')).toMatchObject({ rows: 0, truncated: false, values: [[]] });
    });

    it('cuts a result at the limit of bytes', async () => {
      const cut = await run(`SELECT ${engineSql[engine].names.quoteName('long')} FROM measured`, { bytes: 100_000 });
      expect(cut.truncated).toBe(true);
      expect(cut.rows).toBeGreaterThan(10);
      expect(cut.rows).toBeLessThan(100);
    });

    it('ends a statement at the limit of time, and answers the next one', async () => {
      const started = performance.now();
      const [late, next] = await Promise.all([
        failureOf(run(endless, { seconds: 1 })),
        run('SELECT count(*) AS n FROM orders'),
      ]);
      expect(late.kind).toBe('RUNNER_TIMEOUT');
      expect(late.message).toMatch(/took longer than 1 s|interrupted/);
      expect(next.values).toEqual([[2]]);
      // A second, two of grace, and what a busy machine takes to open the database again.
      expect(performance.now() - started).toBeLessThan(20_000);
    });

    it.each([...writes, ...under.attempts])('refuses %s, and nothing has changed', async (sql) => {
      const before = await made.fingerprint();
      const { kind, message } = await failureOf(run(sql));
      // What the engine’s grammar does not know is a syntax error, and no attempt.
      expect([sql, message, ['STATEMENT_REFUSED', 'STATEMENT_FAILED'].includes(kind)]).toEqual([sql, message, true]);
      expect(message.length).toBeGreaterThan(10);
      expect(await made.fingerprint()).toBe(before);
    });

    it('says which table was perhaps meant, and where a statement is wrong', async () => {
      const unknown = await failureOf(run('SELECT * FROM custmers'));
      expect([unknown.kind, unknown.message]).toEqual(['STATEMENT_REFUSED', expect.stringContaining('customers')]);
      expect((await failureOf(run('SELEC 1'))).kind).toMatch(/^STATEMENT_(FAILED|REFUSED)$/);
      expect((await failureOf(run('SELECT id FROM'))).kind).toBe('STATEMENT_FAILED');
      const column = await failureOf(run('SELECT no_such_column FROM orders'));
      expect([column.kind, column.message]).toEqual(['STATEMENT_FAILED', expect.stringContaining('no_such_column')]);
    });

    it.each(Object.entries(measuredTables))('measures table %s as plain arithmetic does', async (name, rows) => {
      const profile = await profileWith(engine, tableOf(name), run);
      expect(profile.rows).toEqual({ basis: 'exact', count: rows });
      expect(profile.duplicate_rows).toEqual({ basis: 'exact', count: 0 });
      const now = Date.parse(profiledAt) / 1_000;
      for (const [at, column] of profile.columns.entries()) {
        const { type, ...figures } = column;
        expect(type.length).toBeGreaterThan(0);
        // A figure says by its name which column it is of.
        expect(figures).toEqual(expectedFigures(measuredColumns[at] as MeasuredColumn, rows, now));
      }
    });

    it('measures a view', async () => {
      const profile = await profileWith(engine, tableOf('order "lines"'), run);
      expect(profile.rows).toEqual({ basis: 'exact', count: 2 });
      expect(profile.columns.map(({ name, distinct }) => [name, distinct?.count])).toEqual([
        ['no', 1],
        ['line', 2],
      ]);
    });
  });
};
