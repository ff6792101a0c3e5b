import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableProfile } from '../../src/contracts/profile.ts';
import { isMissing } from '../support/is-missing.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { type StandbyServer, startStandby } from '../support/standby-server.ts';
import { surveyDatabase } from '../support/survey-database.ts';
import { limits, openAs, outcomeOf } from '../runner-task/engines/postgres/postgres-target.ts';

const figures = (tables: readonly TableProfile[]): unknown =>
  tables.map(({ table, rows, columns, duplicate_rows }) => ({ table, rows, columns, duplicate_rows }));

describe.skipIf(isMissing('postgres'))('a standby of PostgreSQL', () => {
  let primary: PostgresServer;
  let standby: StandbyServer;
  let local: LocalService;
  beforeAll(async () => {
    [primary, local] = await Promise.all([startPostgres(), startLocalService()]);
    await primary.run(`
      CREATE TABLE people AS SELECT i AS id, 'name ' || i % 97 AS name FROM generate_series(1, 5000) i; ALTER TABLE people ADD PRIMARY KEY (id);
      CREATE TABLE orders AS SELECT i AS id, i % 5000 + 1 AS person_id, i * 1.5 AS price FROM generate_series(1, 20000) i;
      CREATE ROLE reader LOGIN PASSWORD 'r'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
      CREATE ROLE writer LOGIN PASSWORD 'w'; GRANT ALL ON people TO writer; ANALYZE`);
    standby = await startStandby(primary);
    await standby.caughtUp();
  });
  afterAll(async () => {
    await local?.close();
    await standby?.stop();
    await primary?.stop();
  });

  it('is surveyed as its primary is', async () => {
    const [ofStandby, ofPrimary] = [
      await surveyDatabase(local, standby.url('app', 'reader', 'r')),
      await surveyDatabase(local, primary.url('app', 'reader', 'r')),
    ];
    expect(ofStandby.failed).toEqual({});
    expect(figures(ofStandby.profile.tables)).toEqual(figures(ofPrimary.profile.tables));
    expect(ofStandby.findings.map(({ key }) => key)).toEqual(ofPrimary.findings.map(({ key }) => key));
    expect(ofStandby.profile.role).toMatchObject({ name: 'reader', can_write: false });
  });

  it('refuses a role that could write at its primary, though nothing can be written here', async () => {
    const opened = outcomeOf(openAs({ ...primary, port: standby.port }, { user: 'writer', password: 'w' }));
    expect(await opened).toMatch(
      /^DATABASE_WRITABLE: Role writer can write to database app: .*INSERT on public\.people/,
    );
  });

  it('gives a statement up that stands in the way of what it replays, and is asked again', async () => {
    const engine = await openAs({ ...primary, port: standby.port }, { user: 'reader', password: 'r' });
    const watch = new pg.Client({ connectionString: standby.url() });
    await watch.connect();
    const conflicts = async (): Promise<number> =>
      Number(
        (
          await watch.query<{ n: string }>(
            `SELECT confl_snapshot AS n FROM pg_stat_database_conflicts WHERE datname = 'app'`,
          )
        ).rows[0]?.n,
      );
    /** Removes rows that a statement of the standby may still see, until one was in the way. */
    const write = async (): Promise<void> => {
      const before = await conflicts();
      for (let round = 0; (await conflicts()) === before; round += 1) {
        if (round === 100) throw new Error('no statement was in the way');
        await primary.run(`UPDATE people SET name = name || 'x' WHERE id % 10 = ${round % 10}`);
        await primary.run('VACUUM people');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const running = outcomeOf(
      engine.run('SELECT count(*), sum(a.id * b.id % 7) FROM people a, people b, people c', limits),
    );
    await write();
    expect(await running).toMatch(
      /^STATEMENT_FAILED: The server ended the statement, .*conflict with recovery.*hot_standby_feedback/,
    );
    expect(await outcomeOf(engine.run('SELECT count(*) FROM people', limits))).toBe('no failure');
    await engine.close();
    await watch.end();
  });

  it('is no other case than a database that begins each transaction read-only', async () => {
    await primary.run('ALTER DATABASE app SET default_transaction_read_only = on', 'postgres');
    const { failed, profile } = await surveyDatabase(local, primary.url('app', 'reader', 'r'));
    expect([failed, profile.tables.map(({ rows }) => rows.count)]).toEqual([{}, [20_000, 5_000]]);
    // What a role could do is told all the same: it may end the default.
    const opened = outcomeOf(openAs(primary, { user: 'writer', password: 'w' }));
    expect(await opened).toMatch(/^DATABASE_WRITABLE: Role writer can write/);
  });
});
