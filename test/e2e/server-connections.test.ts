import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../support/is-missing.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { type MariadbServer, startMariadb } from '../support/mariadb-server.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { surveyDatabase } from '../support/survey-database.ts';

const tables = 60;
const numbers = Array.from({ length: tables }, (_, index) => index);

/** The most that was counted at any look while something ran, and how often was looked. */
const mostDuring = async (
  running: Promise<unknown>,
  count: () => Promise<number>,
): Promise<{ readonly most: number; readonly looks: number }> => {
  let isOver = false;
  const ended = running.finally(() => (isOver = true));
  let [most, looks] = [0, 0];
  while (!isOver) {
    most = Math.max(most, await count());
    looks += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await ended;
  return { most, looks };
};

describe.skipIf(isMissing('postgres', 'mariadb'))('a survey of 60 tables, with its agents', () => {
  let postgres: PostgresServer;
  let mariadb: MariadbServer;
  let local: LocalService;
  beforeAll(async () => {
    [postgres, mariadb, local] = await Promise.all([startPostgres(), startMariadb(), startLocalService()]);
    await postgres.run(
      `${numbers.map((n) => `CREATE TABLE t${n} AS SELECT i AS id, i % 5 AS n FROM generate_series(1, 50) i;`).join('\n')}
       CREATE ROLE reader LOGIN PASSWORD 'r'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader`,
    );
    await mariadb.run(
      `${numbers.map((n) => `CREATE TABLE t${n} AS SELECT seq AS id, seq % 5 AS n FROM seq_1_to_50;`).join('\n')}
       CREATE USER reader@'%' IDENTIFIED BY 'r'; GRANT SELECT ON app.* TO reader@'%'`,
    );
  });
  afterAll(async () => {
    await local?.close();
    await Promise.all([postgres?.stop(), mariadb?.stop()]);
  });

  it('has one connection to PostgreSQL, and none when it has ended', async () => {
    const watch = new pg.Client({ connectionString: postgres.url() });
    await watch.connect();
    const count = async (): Promise<number> =>
      (await watch.query(`SELECT FROM pg_stat_activity WHERE usename = 'reader'`)).rowCount ?? 0;
    const survey = surveyDatabase(local, postgres.url('app', 'reader', 'r'));
    const { most, looks } = await mostDuring(survey, count);
    expect((await survey).profile.tables).toHaveLength(tables);
    expect(looks).toBeGreaterThan(100);
    expect(most).toBe(1);
    await expect.poll(count).toBe(0);
    await watch.end();
  });

  it('has two connections to MariaDB at most, and none when it has ended', async () => {
    const watch = await mysql.createConnection({ uri: mariadb.url() });
    const count = async (): Promise<number> => {
      const [rows] = await watch.query<mysql.RowDataPacket[]>(
        `SELECT id FROM information_schema.processlist WHERE user = 'reader'`,
      );
      return rows.length;
    };
    const survey = surveyDatabase(local, mariadb.url('app', 'reader', 'r'));
    const { most, looks } = await mostDuring(survey, count);
    expect((await survey).profile.tables).toHaveLength(tables);
    expect(looks).toBeGreaterThan(100);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(2);
    await expect.poll(count).toBe(0);
    await watch.end();
  });
});
