import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { openPostgres } from '../../../../runner-task/supervisor/engines/postgres/open-postgres.ts';
import type { DatabaseSchema, TableSchema } from '../../../../src/contracts/schema.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startPostgres, type PostgresServer } from '../../../support/postgres-server.ts';
import { bounds, limits, openAs, targetOf } from './postgres-target.ts';

const reader = { user: 'reader', password: 'only reads' } as const;

describe.skipIf(isMissing('postgres'))('relations of PostgreSQL', () => {
  let server: PostgresServer;
  let engine: OpenEngine;
  let schema: DatabaseSchema;

  beforeAll(async () => {
    server = await startPostgres();
    await server.run(`
      CREATE TABLE measures (id int PRIMARY KEY, v int);
      CREATE TABLE measures_2023 () INHERITS (measures);
      CREATE TABLE measures_2024 (extra text) INHERITS (measures);
      CREATE TABLE measures_2024_may () INHERITS (measures_2024);
      INSERT INTO measures SELECT i, i FROM generate_series(1, 10) i;
      INSERT INTO measures_2023 SELECT i, i FROM generate_series(1, 100) i;
      INSERT INTO measures_2024 SELECT i, i FROM generate_series(1, 500) i;
      INSERT INTO measures_2024_may SELECT i, i FROM generate_series(1, 500) i;
      CREATE TABLE sales (day date PRIMARY KEY) PARTITION BY RANGE (day);
      CREATE TABLE sales_2024 PARTITION OF sales FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
      INSERT INTO sales SELECT date '2024-01-01' + i FROM generate_series(0, 9) i;
      ANALYZE;
      CREATE TABLE orders (id serial PRIMARY KEY, nr int GENERATED ALWAYS AS IDENTITY);
      CREATE SEQUENCE invoice_numbers;
      CREATE EXTENSION pg_stat_statements; CREATE EXTENSION pg_buffercache;
      CREATE ROLE reader LOGIN PASSWORD 'only reads'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader`);
    engine = await openAs(server, reader);
    ({ schema } = engine.opened);
  });
  afterAll(async () => {
    await engine?.close();
    await server?.stop();
  });

  const table = (name: string): TableSchema | undefined => schema.tables.find((one) => one.name === name);

  it('that inherit are told to be parts of all that hold their rows', () => {
    const partsOf = (name: string) => table(name)?.notes?.flatMap(({ kind, of }) => (kind === 'part_of' ? of : []));
    expect(partsOf('measures_2023')).toEqual(['measures']);
    expect(partsOf('measures_2024')).toEqual(['measures']);
    expect(partsOf('measures_2024_may')).toEqual(['measures', 'measures_2024']);
    expect(partsOf('orders')).toBeUndefined();
  });

  it('that others inherit from are told to be read with these, without keys that hold for their own rows alone', () => {
    expect(table('measures')).toMatchObject({ estimated_rows: 1_110, constraints: [] });
    expect(table('measures')?.notes).toMatchObject([{ kind: 'read_as', detail: expect.stringContaining('inherit') }]);
    expect(table('measures_2024')?.estimated_rows).toBe(1_000);
    expect(table('measures_2024')?.notes?.map(({ kind }) => kind)).toEqual(['part_of', 'read_as']);
  });

  it('that are partitioned are one table with its keys', () => {
    expect(table('sales')).toMatchObject({
      kind: 'partitioned_table',
      estimated_rows: 10,
      constraints: [{ columns: ['day'] }],
    });
    expect(table('sales')?.notes).toBeUndefined();
    expect(table('sales_2024')).toBeUndefined();
  });

  it('of extensions, and sequences that stand alone, are left out by name', () => {
    expect(schema.left_out?.map(({ name, detail }) => [name, detail.slice(0, detail.search(/[,.]/))])).toEqual([
      ['invoice_numbers', 'A sequence'],
      ['pg_buffercache', 'A view of the extension pg_buffercache'],
      ['pg_stat_statements', 'A view of the extension pg_stat_statements'],
      ['pg_stat_statements_info', 'A view of the extension pg_stat_statements'],
    ]);
    expect(schema.tables.filter(({ name }) => name.startsWith('pg_'))).toEqual([]);
  });

  it('of extensions are surveyed where they are asked for', async () => {
    const asked = await openPostgres(targetOf(server, reader), bounds, { asked: ['public.pg_buffercache', 'orders'] });
    expect(asked.opened.schema.tables.map(({ name }) => name).toSorted()).toEqual(['orders', 'pg_buffercache']);
    // What was not asked for is not told of, not even as left out.
    expect(asked.opened.schema.left_out).toEqual([]);
    await asked.close();
  });

  it('that a role’s settings would hide or change are read as any other role reads them', async () => {
    await server.run(`
      CREATE TABLE secret (owner text); INSERT INTO secret VALUES ('odd'), ('else'), ('else');
      ALTER TABLE secret ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON secret USING (owner = current_user);
      CREATE TABLE trips (day date, fare numeric, note text); INSERT INTO trips VALUES ('2024-03-01', 1.5, NULL);
      CREATE ROLE odd LOGIN PASSWORD 'odd'; GRANT SELECT ON secret, trips TO odd;
      ALTER ROLE odd SET row_security = off; ALTER ROLE odd SET DateStyle = 'SQL, DMY'; ALTER ROLE odd SET statement_timeout = '1ms';
      ALTER ROLE odd SET search_path = ''; ALTER ROLE odd SET default_transaction_isolation = 'serializable';
      ALTER ROLE odd SET transform_null_equals = on; ALTER ROLE odd SET standard_conforming_strings = off`);
    const odd = await openAs(server, { user: 'odd', password: 'odd' });
    expect(odd.opened.schema.not_visible).toContainEqual(
      expect.objectContaining({ what: 'statistics', name: 'public.secret' }),
    );
    // Of the hidden rows nothing can be told but that there may be some: whoever reads its figures has to know.
    expect(odd.opened.schema.tables.flatMap(({ name, notes = [] }) => notes.map(({ kind }) => [name, kind]))).toEqual([
      ['public.secret', 'left_out'],
    ]);
    expect((await odd.run('SELECT count(*) FROM public.secret', limits)).values).toEqual([[1]]);
    expect((await odd.run(`SELECT day, note = NULL, 'a\\b' FROM public.trips`, limits)).values).toEqual([
      ['2024-03-01'],
      [null],
      ['a\\b'],
    ]);
    await odd.close();
  });

  it('with a row that is larger than a result may be fail with its size, and take no memory here', async () => {
    const before = process.memoryUsage().external;
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().external)), 5);
    const huge = engine.run(`SELECT repeat('x', 150000000)`, limits);
    await expect(huge).rejects.toThrow(/A row of the result has 143 MiB, of 1 MiB/);
    clearInterval(watch);
    expect(peak - before).toBeLessThan(50 * 1024 * 1024);
    const some = await engine.run(
      `SELECT CASE n WHEN 3 THEN repeat('x', 20000000) ELSE 'small' END FROM generate_series(1, 5) n`,
      limits,
    );
    expect(some).toMatchObject({ values: [['small', 'small']], truncated: true });
    expect((await engine.run('SELECT 1', limits)).values).toEqual([[1]]);
  });
});

describe.skipIf(isMissing('postgres'))('a database of PostgreSQL that names no encoding', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    await server.run(
      `CREATE DATABASE raw ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
      'postgres',
    );
    await server.run(
      `SET client_encoding = 'SQL_ASCII';
       CREATE TABLE clients (id int PRIMARY KEY, town text, tags text[], "name" varchar(20), number numeric);
       INSERT INTO clients VALUES (1, E'Montr\\xe9al', ARRAY[E'\\xe9', 'b'], E'Ren\\xc3\\xa9', 1.50), (2, E'\\x80uro', NULL, 'plain', 2);
       COMMENT ON TABLE clients IS E'kept by Ren\\xe9';
       CREATE ROLE reader LOGIN PASSWORD 'only reads'; GRANT SELECT ON clients TO reader`,
      'raw',
    );
  });
  afterAll(() => server?.stop());

  it('is read as UTF-8, and as Windows-1252 where it is none, which its tables tell', async () => {
    const engine = await openAs(server, { ...reader, database: 'raw' });
    const [table] = engine.opened.schema.tables;
    expect(table).toMatchObject({ comment: 'kept by René' });
    expect(table?.notes).toMatchObject([
      { kind: 'assumed', columns: ['town', 'tags', 'name'], detail: expect.stringContaining('SQL_ASCII') },
    ]);
    for (let again = 0; again < 2; again += 1) {
      expect((await engine.run('SELECT * FROM clients ORDER BY id', limits)).values).toEqual([
        [1, 2],
        ['Montréal', '€uro'],
        ['["é","b"]', null],
        ['René', 'plain'],
        ['1.50', '2'],
      ]);
      // A session that takes the lost one's place reads alike.
      await server.restart();
    }
    await engine.close();
  });
});
