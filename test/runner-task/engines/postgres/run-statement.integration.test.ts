import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { connect, type PostgresConnection } from '../../../../runner-task/supervisor/engines/postgres/connect.ts';
import { runStatement } from '../../../../runner-task/supervisor/engines/postgres/run-statement.ts';
import { begin, rollBack } from '../../../../runner-task/supervisor/engines/postgres/session.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startPostgres, type PostgresServer } from '../../../support/postgres-server.ts';
import { limits, openAs, outcomeOf, targetOf } from './postgres-target.ts';

const reader = { user: 'reader', password: 'only reads' } as const;
/** Hours of work. */
const endless =
  'SELECT count(*) FROM generate_series(1, 10000000) a, generate_series(1, 10000000) b WHERE a % 7 = b % 3';

describe.skipIf(isMissing('postgres'))('a statement on PostgreSQL', () => {
  let server: PostgresServer;
  let engine: OpenEngine;
  let watcher: PostgresConnection;
  beforeAll(async () => {
    server = await startPostgres();
    await server.run(`
      CREATE TABLE numbers (n int PRIMARY KEY); INSERT INTO numbers SELECT generate_series(1, 5000);
      CREATE TABLE hidden (n int); CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE moods AS SELECT 'sad'::mood AS mood;
      CREATE ROLE reader LOGIN PASSWORD 'only reads'; GRANT SELECT ON numbers, moods TO reader;
      ALTER ROLE reader SET min_parallel_table_scan_size = 0; ALTER ROLE reader SET parallel_setup_cost = 0;`);
    engine = await openAs(server, reader);
    watcher = await connect(targetOf(server));
  });
  afterAll(async () => {
    watcher?.destroy();
    await engine?.close();
    await server?.stop();
  });

  /** What sessions of Surveyor do at the server now. */
  const sessions = async (): Promise<readonly string[]> => {
    const row = z.object({ state: z.string() });
    const sql = `SELECT state FROM pg_stat_activity WHERE query LIKE '%surveyor_statement%' AND pid <> pg_backend_pid()`;
    return (await watcher.ask(row, sql)).map(({ state }) => state);
  };
  /** The server's processes that run the endless statement. */
  const busy = async (): Promise<readonly number[]> => {
    const row = z.object({ pid: z.number() });
    const sql = `SELECT pid FROM pg_stat_activity WHERE application_name = 'surveyor' AND state = 'active'
                 AND query LIKE '%generate_series%' AND pid <> pg_backend_pid()`;
    return (await watcher.ask(row, sql)).map(({ pid }) => pid);
  };
  const isRunning = async (): Promise<boolean> => (await busy()).length > 0;
  const outcome = (sql: string, more: Partial<typeof limits> = {}): Promise<string> =>
    outcomeOf(engine.run(sql, { ...limits, ...more }));

  describe('is answered', () => {
    it('up to the limit of rows, and of bytes, and says whether that cut it', async () => {
      const numbers = (rows: number, more = {}) =>
        engine.run(`SELECT n FROM numbers ORDER BY n`, { ...limits, rows, ...more });
      expect(await numbers(10)).toMatchObject({ rows: 10, truncated: true });
      expect(await numbers(4_999)).toMatchObject({ rows: 4_999, truncated: true });
      const all = await numbers(5_000);
      expect(all).toMatchObject({ rows: 5_000, truncated: false });
      expect(all.values[0]).toEqual(Array.from({ length: 5_000 }, (_, index) => index + 1));
      const wide = await engine.run(`SELECT repeat('x', 1000) AS x FROM numbers`, { ...limits, bytes: 10_000 });
      expect(wide).toMatchObject({ rows: 9, truncated: true });
    });

    it('at once where far more than the limit would come, and the server stops', async () => {
      const much = 'SELECT a.n, mood FROM numbers a, numbers b, numbers c, moods';
      expect(await engine.run(much, { ...limits, rows: 2 })).toEqual({
        columns: [
          { name: 'n', type: 'integer' },
          { name: 'mood', type: 'mood' },
        ],
        values: [
          [expect.any(Number), expect.any(Number)],
          ['sad', 'sad'],
        ],
        rows: 2,
        truncated: true,
      });
      expect(await isRunning()).toBe(false);
      expect(await outcome('SELECT 1')).toBe('no failure');
    });

    it('with workers of the server beside the session, where it plans them', async () => {
      const running = outcome('SELECT count(*) FROM numbers a, numbers b, numbers c', { seconds: 60 });
      const row = z.object({ workers: z.number() });
      const sql = `SELECT count(*)::int AS workers FROM pg_stat_activity WHERE backend_type = 'parallel worker'`;
      await vi.waitFor(async () => expect((await watcher.ask(row, sql))[0]?.workers).toBeGreaterThan(0), 20_000);
      engine.interrupt();
      expect(await running).toContain('RUNNER_TIMEOUT');
    });

    it('by columns of one name, by none, and by no row', async () => {
      expect(await engine.run('SELECT 1 AS a, 2 AS a', limits)).toMatchObject({ values: [[1], [2]] });
      expect(await engine.run('SELECT FROM numbers', limits)).toMatchObject({ columns: [], values: [], rows: 1_000 });
      expect(await engine.run('SELECT n FROM numbers WHERE n < 0', limits)).toEqual({
        columns: [{ name: 'n', type: 'integer' }],
        values: [[]],
        rows: 0,
        truncated: false,
      });
      expect((await engine.run('EXPLAIN SELECT n FROM numbers', limits)).columns[0]?.name).toBe('QUERY PLAN');
    });

    it('with the reason and the place of what is wrong', async () => {
      expect(await outcome('SELECT n,\n  "größe" FROM numbers')).toBe(
        'STATEMENT_FAILED: column "größe" does not exist\nLINE 2:   "größe" FROM numbers\n          ^',
      );
      expect(await outcome('SELECT 1 / 0')).toBe('STATEMENT_FAILED: division by zero');
      expect(await outcome('SELECT n FROM hidden')).toMatch(/^STATEMENT_REFUSED: .*hidden is not a table of this run/);
      // A statement that failed leaves nothing to the next.
      expect((await engine.run('SELECT 1', limits)).values).toEqual([[1]]);
    });
  });

  describe('is refused', () => {
    it.each([
      ['SELECT 1; DELETE FROM numbers', 'one statement'],
      ['COMMIT', 'read-only'],
      ['COMMIT; DELETE FROM numbers', 'one statement'],
      ['DELETE FROM numbers', 'read-only'],
      ['SET default_transaction_read_only = off', 'read-only'],
      [`SELECT set_config('transaction_read_only', 'off', false)`, 'set_config'],
      ['SELECT * FROM pg_authid', 'pg_authid'],
      [`SELECT pg_terminate_backend(1)`, 'pg_terminate_backend'],
      [`WITH gone AS (DELETE FROM numbers RETURNING n) SELECT n FROM gone`, 'DELETE'],
      [`COPY numbers TO PROGRAM 'true'`, 'COPY'],
      ['DO $$ BEGIN COMMIT; END $$', 'DO'],
      ['SELECT n FROM numbers FOR UPDATE', 'FOR UPDATE'],
    ])('as %s', async (sql, reason) => {
      const refused = await outcome(sql);
      expect(refused).toMatch(/^STATEMENT_REFUSED: /);
      expect(refused.toLowerCase()).toContain(reason.toLowerCase());
    });
  });

  // What stands behind the policy, for the day that something slips through it: a role that may write, and no policy.
  describe('that no policy has judged', () => {
    const run = async (...statements: readonly string[]): Promise<string> => {
      const connection = await connect(targetOf(server));
      try {
        let last = '';
        for (const sql of statements) {
          if (connection.isOver()) return 'the session is over';
          await begin(connection, { seconds: 5 });
          last = await outcomeOf(runStatement(connection, sql, limits));
          await rollBack(connection);
        }
        return last;
      } finally {
        connection.destroy();
      }
    };
    it.each([
      [['DELETE FROM numbers'], 'read-only transaction'],
      [['SELECT 1; DELETE FROM numbers'], 'multiple commands'],
      [['COMMIT; DELETE FROM numbers'], 'multiple commands'],
      [['COMMIT', 'DELETE FROM numbers'], 'the session is over'],
      [['ROLLBACK', 'DELETE FROM numbers'], 'the session is over'],
      [['SET TRANSACTION READ WRITE', 'DELETE FROM numbers'], 'read-only transaction'],
      [['SET SESSION default_transaction_read_only = off', 'DELETE FROM numbers'], 'read-only transaction'],
      [[`SELECT set_config('default_transaction_read_only', 'off', false)`, 'DELETE FROM numbers'], 'read-only'],
      [[`SELECT set_config('transaction_read_only', 'off', true)`], 'read-write'],
      [['DO $$ BEGIN COMMIT; DELETE FROM numbers; END $$'], 'invalid transaction termination'],
      [['CREATE TABLE made (n int)'], 'read-only transaction'],
      [['DROP TABLE numbers'], 'read-only transaction'],
      [[`COPY numbers FROM '/dev/null'`], 'read-only transaction'],
    ])('changes nothing: %j', async (statements, reason) => {
      expect(await run(...statements)).toContain(reason);
      expect((await engine.run('SELECT count(*) FROM numbers', limits)).values).toEqual([[5_000]]);
    });

    it('cannot leave a setting to the next', async () => {
      const connection = await connect(targetOf(server));
      await begin(connection, { seconds: 5 });
      await runStatement(connection, `SELECT set_config('search_path', 'elsewhere', false)`, limits);
      await rollBack(connection);
      const [row] = await connection.ask(
        z.object({ path: z.string() }),
        `SELECT current_setting('search_path') AS path`,
      );
      expect(row?.path).toContain('public');
      connection.destroy();
    });
  });

  describe('that takes too long', () => {
    it('is ended by the server itself, where nobody asks it to', async () => {
      expect(await outcome(endless, { seconds: 0.3 })).toMatch(/^RUNNER_TIMEOUT: .*0\.3 s.*ended on the server/);
      expect(await sessions()).toEqual(['idle']);
      expect((await engine.run('SELECT 1', limits)).values).toEqual([[1]]);
    });

    it('is ended by an interrupt, at the server too, and the next one is not', async () => {
      for (const tls of ['disable', 'prefer'] as const) {
        const interrupted = await openAs(server, { ...reader, tls });
        const late = outcomeOf(interrupted.run(endless, { ...limits, seconds: 600 }));
        await expect.poll(isRunning).toBe(true);
        interrupted.interrupt();
        expect(await late).toMatch(/^RUNNER_TIMEOUT: /);
        expect(await isRunning()).toBe(false);
        expect((await interrupted.run('SELECT 2 AS two', limits)).values).toEqual([[2]]);
        // As early as can be: before the statement has reached the server, or even its transaction has.
        const early = outcomeOf(interrupted.run(endless, { ...limits, seconds: 600 }));
        interrupted.interrupt();
        expect(await early).toMatch(/^RUNNER_TIMEOUT: /);
        // One that runs no statement hears nothing of it.
        interrupted.interrupt();
        expect((await interrupted.run('SELECT 3 AS three', limits)).values).toEqual([[3]]);
        await interrupted.close();
      }
    });

    it('because a table is locked is given up', async () => {
      const locking = await connect(targetOf(server));
      await locking.client.query('BEGIN; LOCK TABLE numbers IN ACCESS EXCLUSIVE MODE');
      expect(await outcome('SELECT count(*) FROM numbers', { seconds: 0.5 })).toMatch(/^RUNNER_TIMEOUT: /);
      locking.destroy();
      await expect.poll(() => outcome('SELECT count(*) FROM numbers')).toBe('no failure');
    });
  });

  describe('whose server goes away', () => {
    it('in a crash fails as lost, and a later one connects anew', async () => {
      const lost = outcome(endless, { seconds: 600 });
      await expect.poll(isRunning).toBe(true);
      // One process of the server dies, and it ends all others: that is its crash. Killing the first process alone
      // would let the busy one work on.
      (await busy()).forEach((pid) => process.kill(pid, 'SIGKILL'));
      expect(await lost).toMatch(/^DATABASE_LOST: .*connects anew/);
      await expect.poll(() => outcome('SELECT 1'), { timeout: 20_000 }).toBe('no failure');
      watcher = await connect(targetOf(server));
    });

    it('is told as unreachable while it is down, and nothing is left of that when it is back', async () => {
      await server.kill();
      expect(await outcome('SELECT 1')).toMatch(/^DATABASE_UNREACHABLE: .*Nothing takes connections/);
      await server.restart();
      expect((await engine.run('SELECT count(*) FROM numbers', limits)).values).toEqual([[5_000]]);
      watcher = await connect(targetOf(server));
    });

    it('and comes back between two statements is not noticed', async () => {
      await server.restart();
      expect(await outcome('SELECT 1')).toBe('no failure');
      watcher = await connect(targetOf(server));
    });

    it('because an administrator ends the session, fails as lost', async () => {
      const lost = outcome(endless, { seconds: 600 });
      await expect.poll(isRunning).toBe(true);
      await server.run(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'surveyor' AND state = 'active' AND pid <> pg_backend_pid()`,
      );
      expect(await lost).toMatch(/^DATABASE_LOST: .*administrator/);
      expect(await outcome('SELECT 1')).toBe('no failure');
    });
  });
});
