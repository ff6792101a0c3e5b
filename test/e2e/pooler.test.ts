import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Report } from '../../src/contracts/report.ts';
import { isMissing } from '../support/is-missing.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { startPooler, type Pooler } from '../support/pooler.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';

const password = 'app';
/** Few, so that the survey and the application get the same ones. */
const sessions = 2;

/** What somebody who shares the pool can see of a session at the server. */
type Shared = {
  readonly pid: number;
  readonly settings: string;
  readonly locks: number;
  readonly prepared: number;
};

describe.skipIf(isMissing('postgres', 'pgbouncer'))('a survey through a pooler in transaction mode', () => {
  let server: PostgresServer;
  let pooler: Pooler;
  let local: LocalService;
  let applications: readonly pg.Client[] = [];

  beforeAll(async () => {
    [server, local] = await Promise.all([startPostgres(), startLocalService()]);
    await server.run(`
      CREATE ROLE shop LOGIN PASSWORD '${password}';
      CREATE SCHEMA shop AUTHORIZATION shop;
      ALTER ROLE shop SET search_path = shop, public;
      ALTER DATABASE app SET DateStyle = 'SQL, DMY'; ALTER DATABASE app SET timezone = 'Asia/Kathmandu';
      -- A view may take a lock that its session keeps.
      CREATE VIEW public.locking AS SELECT n, pg_try_advisory_lock(7) AS got FROM generate_series(1, 3) n;
      GRANT SELECT ON public.locking TO shop`);
    pooler = await startPooler(server, { sessions, users: { shop: password } });
    applications = await Promise.all(
      Array.from({ length: sessions }, async () => {
        const client = new pg.Client({ host: '127.0.0.1', port: pooler.port, database: 'app', user: 'shop', password });
        await client.connect();
        return client;
      }),
    );
    await applications[0]?.query(`
      CREATE TABLE shop.stock (sku int PRIMARY KEY, day date, n int);
      INSERT INTO shop.stock SELECT i, date '2024-01-01' + i, i FROM generate_series(1, 50) i`);
  });
  afterAll(async () => {
    await Promise.all(applications.map((client) => client.end().catch(() => undefined)));
    await pooler?.stop();
    await local?.close();
    await server?.stop();
  });

  /** Works in each of the sessions of the pool: it holds them all at once. */
  const inEach = async <T>(work: (client: pg.Client) => Promise<T>): Promise<readonly T[]> => {
    for (const client of applications) await client.query('BEGIN');
    const done = await Promise.all(applications.map(work));
    await Promise.all(applications.map((client) => client.query('COMMIT')));
    return done;
  };

  /** What the application finds in each of the sessions. */
  const look = async (): Promise<readonly Shared[]> => {
    const found = await inEach(async (client) => {
      const { rows } = await client.query<Shared>(`
        SELECT pg_backend_pid() AS pid,
          (SELECT string_agg(name || '=' || setting, E'\\n' ORDER BY name) FROM pg_settings) AS settings,
          (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks,
          (SELECT count(*)::int FROM pg_prepared_statements) AS prepared`);
      return rows[0] as Shared;
    });
    return found.toSorted((a, b) => a.pid - b.pid);
  };

  it('measures as it does without, and leaves the sessions of the pool as they were', async () => {
    // What others of the pool leave in its sessions concerns no survey.
    await inEach(async (client) => {
      await client.query(`SET search_path = nowhere; SET DateStyle = German; SET row_security = off`);
      await client.query(`CREATE TEMPORARY TABLE stock AS SELECT 1 AS sku`);
    });
    const before = await look();
    expect(new Set(before.map(({ pid }) => pid)).size).toBe(sessions);
    const { run_id } = await local.api.createCatalog({
      db_conn_string: `postgresql://shop:${password}@127.0.0.1:${pooler.port}/app?writable_role=accept`,
      s3_prefix: 'reports/pooler',
    });
    const run = await local.ended(run_id);
    expect(run.failure).toBeUndefined();
    const report = Report.parse(await local.api.readReport({ id: run_id, agent: 'cataloging' }));
    const [database] = report.profile?.databases ?? [];
    const stock = database?.tables.find(({ table }) => table === 'stock');
    expect(stock?.rows.count).toBe(50);
    expect(stock?.columns.find(({ name }) => name === 'day')).toMatchObject({
      range: { min: '2024-01-02', max: '2024-02-20' },
    });
    // The view took its lock in a session of the pool: that it could be measured says that it did.
    expect(database?.tables.find(({ table }) => table === 'public.locking')?.rows.count).toBe(3);

    expect(await look()).toEqual(before);
    await inEach((client) =>
      client.query('INSERT INTO shop.stock (sku, n) SELECT max(sku) + pg_backend_pid(), 0 FROM shop.stock'),
    );
    const { rows } = await applications[0]!.query<{ count: string }>('SELECT count(*) FROM shop.stock');
    expect(rows).toEqual([{ count: String(50 + sessions) }]);
  });
});
