import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckdb } from '../../../../runner-task/supervisor/engines/duckdb/open-duckdb.ts';
import { openPostgres } from '../../../../runner-task/supervisor/engines/postgres/open-postgres.ts';
import { openSqlite } from '../../../../runner-task/supervisor/engines/sqlite/open-sqlite.ts';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import type { WantedTables } from '../../../../src/domain/connection/narrow-schema.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startPostgres, type PostgresServer } from '../../../support/postgres-server.ts';
import { makeSqliteFile, type SqliteFile } from '../../../support/sqlite-file.ts';
import { bounds, targetOf } from '../postgres/postgres-target.ts';

const limits = { rows: 100, bytes: 100_000, seconds: 20 };

/** The answer, or the rule that it breaks. */
const answer = (engine: OpenEngine, sql: string): Promise<unknown> =>
  engine.run(sql, limits).then(
    ({ values }) => values,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

/** The answers to the statements that are keys. */
const answersTo = async (engine: OpenEngine, asked: Readonly<Record<string, unknown>>): Promise<unknown> => {
  const answers: Record<string, unknown> = {};
  for (const sql of Object.keys(asked)) answers[sql] = await answer(engine, sql);
  return answers;
};

const refused: unknown = expect.stringMatching(/^Rule "relations"/);

describe.skipIf(isMissing('postgres'))('tables of one name in several schemas of PostgreSQL', () => {
  let server: PostgresServer;
  const open = (asked: readonly string[]): Promise<OpenEngine> =>
    openPostgres(targetOf(server, { writable_role: 'accept' }), bounds, { asked });
  beforeAll(async () => {
    server = await startPostgres();
    await server.run(`
      CREATE SCHEMA a; CREATE SCHEMA b; CREATE SCHEMA "C.d";
      CREATE TABLE a.orders (v text); INSERT INTO a.orders VALUES ('a'); CREATE TABLE b.orders (v text); INSERT INTO b.orders VALUES ('b');
      CREATE TABLE public.orders (v text); INSERT INTO public.orders VALUES ('public');
      CREATE TABLE b."Orders" (v text); INSERT INTO b."Orders" VALUES ('Orders'); CREATE TABLE a.only_a (v text);
      CREATE TABLE "C.d"."e.f" (v text); INSERT INTO "C.d"."e.f" VALUES ('dots'); CREATE TABLE "C.d"."or""ders" (v text);
      INSERT INTO "C.d"."or""ders" VALUES ('quotes');
      ALTER DATABASE app SET search_path = b, a;`);
  });
  afterAll(() => server?.stop());

  it('are told apart where the search path has several schemas', async () => {
    const engine = await open(['orders']);
    const expected = {
      'SELECT v FROM orders': [['b']],
      'SELECT v FROM ORDERS': [['b']],
      'SELECT v FROM b.orders': [['b']],
      'SELECT v FROM a.orders': refused,
      'SELECT v FROM public.orders': refused,
      'SELECT v FROM "Orders"': refused,
      'SELECT v FROM only_a': refused,
      "SELECT count(*) FROM pg_class WHERE relname ILIKE 'orders'": [[1]],
      "SELECT 'orders'::regclass::text": [['orders']],
      "SELECT pg_relation_size('a.orders')": refused,
      "SELECT 'public.orders'::regclass::oid": refused,
      'SELECT table_schema FROM information_schema.tables': [['b']],
      "SELECT nspname FROM pg_namespace WHERE nspname IN ('a', 'b', 'C.d')": [['b']],
    };
    expect(await answersTo(engine, expected)).toEqual(expected);
    await engine.close();
  });

  it('are found by quoted names with dots and quotes in them', async () => {
    const engine = await open(['"C.d"."e.f"', 'a.orders', '"C.d"."or""ders"']);
    const expected = {
      'SELECT v FROM "C.d"."e.f"': [['dots']],
      'SELECT v FROM "C.d"."or""ders"': [['quotes']],
      'SELECT v FROM a.orders': [['a']],
      'SELECT v FROM orders': refused,
      'SELECT v FROM b."Orders"': refused,
      'SELECT v FROM "C"."d"': refused,
      'SELECT pg_relation_size(\'"C.d"."e.f"\') > 0': [[true]],
    };
    expect(await answersTo(engine, expected)).toEqual(expected);
    await engine.close();
  });
});

describe('tables that are called like what stands for a catalog', () => {
  let folder: string;
  let file: SqliteFile;
  const openShop = (asked?: readonly string[]): Promise<OpenEngine> => {
    const wanted: WantedTables = { asked };
    return openDuckdb(
      { engine: 'duckdb', path: join(folder, 'surveyor_run.duckdb') },
      { ...bounds, spill_folder: folder },
      wanted,
    );
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-odd-names-'));
    const instance = await DuckDBInstance.create(join(folder, 'made.duckdb'));
    const connection = await instance.connect();
    await connection.run(`
      CREATE SCHEMA surveyor_run; CREATE SCHEMA more; CREATE TABLE surveyor_run.run AS SELECT 'run' AS v;
      CREATE TABLE surveyor_run AS SELECT 'main' AS v; CREATE TABLE more.surveyor_run AS SELECT 'more' AS v; CREATE TABLE run AS SELECT 1 AS v;
      CREATE TABLE "duckdb_tables" AS SELECT 'own' AS v; CREATE TABLE "Mixed Case" AS SELECT 'mixed' AS v;`);
    connection.closeSync();
    instance.closeSync();
    // A database and its schema of one name: DuckDB takes what begins with it for neither.
    renameSync(join(folder, 'made.duckdb'), join(folder, 'surveyor_run.duckdb'));
    file = makeSqliteFile('odd.db');
    file.write(`
      CREATE TABLE surveyor_run_schema (v TEXT); INSERT INTO surveyor_run_schema VALUES ('own');
      CREATE TABLE "Mixed Case" (v TEXT); INSERT INTO "Mixed Case" VALUES ('mixed'); CREATE TABLE hidden (v TEXT); INSERT INTO hidden VALUES ('hidden');
      CREATE TABLE pragma_table_info (v TEXT); CREATE TABLE temp (v TEXT); INSERT INTO temp VALUES ('temp');`);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    file.remove();
  });

  it('are read as what they are, in DuckDB', async () => {
    const engine = await openShop(['surveyor_run', 'surveyor_run.run', 'Mixed Case']);
    const expected = {
      'SELECT v FROM surveyor_run': [['main']],
      'SELECT v FROM SURVEYOR_RUN': [['main']],
      'SELECT v FROM surveyor_run.run': [['run']],
      'SELECT v FROM surveyor_run_file.surveyor_run.run': [['run']],
      'SELECT v FROM "mixed case"': [['mixed']],
      'SELECT v FROM more.surveyor_run': refused,
      'SELECT v FROM run': refused,
      'SELECT s FROM surveyor_run.main.run': refused,
      'SELECT table_name FROM duckdb_tables() ORDER BY 1': [['Mixed Case', 'run', 'surveyor_run']],
    };
    expect(await answersTo(engine, expected)).toEqual(expected);
    await engine.close();
  });

  it('are read as what they are, in SQLite', async () => {
    const engine = await openSqlite(
      { engine: 'sqlite', path: file.path },
      { ...bounds, spill_folder: folder },
      { asked: ['surveyor_run_schema', 'Mixed Case', 'temp'] },
    );
    const expected = {
      'SELECT v FROM surveyor_run_schema': [['own']],
      'SELECT v FROM main.Surveyor_Run_Schema': [['own']],
      'SELECT v FROM "mixed case"': [['mixed']],
      'SELECT v FROM temp': [['temp']],
      'SELECT v FROM hidden': refused,
      'SELECT name FROM sqlite_schema ORDER BY 1': [['Mixed Case', 'surveyor_run_schema', 'temp']],
      'SELECT * FROM temp.surveyor_run_schema': expect.stringMatching(/^Rule "relations"|no such table/),
    };
    expect(await answersTo(engine, expected)).toEqual(expected);
    await engine.close();
  });
});
