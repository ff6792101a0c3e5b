import mysql from 'mysql2/promise';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../support/is-missing.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { type MariadbServer, startMariadb } from '../support/mariadb-server.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { surveyDatabase } from '../support/survey-database.ts';

/** So many plain tables stand beside those in trouble, and are measured whatever becomes of the others. */
const plain = 12;
const numbers = Array.from({ length: plain }, (_, index) => index);
const measured = Object.fromEntries(numbers.map((n) => [`plain_${String(n).padStart(2, '0')}`, 3_000]));
const named = (n: number): string => `plain_${String(n).padStart(2, '0')}`;

const countsOf = (tables: readonly { readonly table: string; readonly rows: { readonly count: number } }[]) =>
  Object.fromEntries(tables.map(({ table, rows }) => [table, rows.count]));

/** Waits for a moment in the middle of the survey. */
const until = async (seen: () => Promise<boolean>): Promise<void> => {
  while (!(await seen())) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe.skipIf(isMissing('postgres', 'mariadb'))('a table in trouble fails alone, soon, and in its words', () => {
  let postgres: PostgresServer;
  let mariadb: MariadbServer;
  let local: LocalService;
  let silent: Server;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    [postgres, mariadb, local] = await Promise.all([startPostgres(), startMariadb(), startLocalService()]);
    silent = createServer((socket) => void sockets.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await postgres.run(`
      ${numbers.map((n) => `CREATE TABLE ${named(n)} AS SELECT i AS id, i % 7 AS n FROM generate_series(1, 3000) i;`).join('\n')}
      CREATE TABLE locked (id int); CREATE TABLE z_dropped (id int); CREATE TABLE z_renamed (id int); CREATE TABLE z_altered (id int, gone int);
      CREATE VIEW endless AS WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 - 1 FROM n) SELECT i FROM n;
      CREATE VIEW failing AS SELECT 1 / (id - id) AS x FROM plain_00;
      CREATE EXTENSION postgres_fdw; CREATE SERVER mute FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${port}');
      CREATE USER MAPPING FOR PUBLIC SERVER mute OPTIONS (user 'u', password 'p'); CREATE FOREIGN TABLE far (id int) SERVER mute;
      CREATE ROLE reader LOGIN PASSWORD 'r'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader`);
    await mariadb.run(`
      ${numbers.map((n) => `CREATE TABLE ${named(n)} AS SELECT seq AS id, seq % 7 AS n FROM seq_1_to_3000;`).join('\n')}
      CREATE TABLE locked (id INT); CREATE TABLE z_dropped (id INT); CREATE TABLE z_renamed (id INT); CREATE TABLE z_altered (id INT, gone INT);
      CREATE VIEW endless AS WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;
      CREATE FUNCTION fails(n INT) RETURNS INT BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'told by the view'; RETURN 1; END;
      CREATE VIEW hidden AS SELECT fails(id) AS x FROM plain_00;
      CREATE VIEW failing AS SELECT id, (SELECT o.n FROM plain_01 o WHERE o.id > p.id) AS x FROM plain_00 p;
      CREATE USER reader@'%' IDENTIFIED BY 'r'; GRANT SELECT ON app.* TO reader@'%'`);
  });
  afterAll(async () => {
    await local?.close();
    sockets.forEach((socket) => socket.destroy());
    silent?.close();
    await Promise.all([postgres?.stop(), mariadb?.stop()]);
  });

  it('on PostgreSQL', { timeout: 240_000 }, async () => {
    const other = new pg.Client({ connectionString: postgres.url() });
    await other.connect();
    await other.query('BEGIN; LOCK TABLE locked IN ACCESS EXCLUSIVE MODE');
    const started = Date.now();
    const surveying = surveyDatabase(local, postgres.url('app', 'reader', 'r'), 200);
    const watch = new pg.Client({ connectionString: postgres.url() });
    await watch.connect();
    // It has read the schema, and stands before the locked table: those behind are changed now.
    await until(
      async () =>
        (await watch.query(`SELECT FROM pg_locks WHERE NOT granted AND relation = 'locked'::regclass`)).rowCount !== 0,
    );
    await watch.query(
      'DROP TABLE z_dropped; ALTER TABLE z_renamed RENAME TO z_other; ALTER TABLE z_altered DROP COLUMN gone',
    );
    const { failed, profile } = await surveying;
    expect(countsOf(profile.tables)).toEqual(measured);
    expect(failed).toEqual({
      endless: expect.stringMatching(/^RUNNER_TIMEOUT: The view did not answer within 60 s/),
      failing: expect.stringMatching(/^STATEMENT_FAILED: division by zero/),
      far: expect.stringMatching(/^STATEMENT_FAILED: far .*foreign server mute/),
      locked: expect.stringMatching(/^STATEMENT_FAILED: A table is locked by another session/),
      z_dropped: expect.stringMatching(/^STATEMENT_FAILED: relation .*z_dropped.* does not exist/),
      z_renamed: expect.stringMatching(/^STATEMENT_FAILED: relation .*z_renamed.* does not exist/),
      z_altered: expect.stringMatching(/^STATEMENT_FAILED: column .*gone.* does not exist/),
    });
    expect(Date.now() - started).toBeLessThan(180_000);
    await other.query('ROLLBACK');
    await other.end();
    await watch.end();
  });

  it('on MariaDB', { timeout: 240_000 }, async () => {
    const other = await mysql.createConnection({ uri: mariadb.url(), multipleStatements: true });
    await other.query('LOCK TABLES locked WRITE');
    const watch = await mysql.createConnection({ uri: mariadb.url(), multipleStatements: true });
    const surveying = surveyDatabase(local, mariadb.url('app', 'reader', 'r'), 200);
    const waits = `SELECT id FROM information_schema.processlist WHERE user = 'reader' AND state LIKE 'Waiting for table metadata lock%' AND info NOT LIKE '%SHOW CREATE%'`;
    await until(async () => {
      const [rows] = await watch.query<mysql.RowDataPacket[]>(waits);
      return rows.length > 0;
    });
    await watch.query(
      'DROP TABLE z_dropped; RENAME TABLE z_renamed TO z_other; ALTER TABLE z_altered DROP COLUMN gone',
    );
    const { failed, profile } = await surveying;
    expect(countsOf(profile.tables)).toEqual(measured);
    expect(failed).toEqual({
      endless: expect.stringMatching(/^STATEMENT_FAILED: .*max_recursive_iterations/),
      failing: expect.stringMatching(/^STATEMENT_FAILED: Subquery returns more than 1 row/),
      locked: expect.stringMatching(/^STATEMENT_FAILED: A table is locked by another session/),
      z_dropped: expect.stringMatching(/^STATEMENT_FAILED: Table 'app\.z_dropped' doesn't exist/),
      z_renamed: expect.stringMatching(/^STATEMENT_FAILED: Table 'app\.z_renamed' doesn't exist/),
      z_altered: expect.stringMatching(/^STATEMENT_FAILED: Unknown column 'gone'/),
    });
    // The server describes no view to a role that may not call what it calls; so it is named with that reason.
    expect(profile.not_visible).toEqual([
      {
        what: 'table',
        name: 'hidden',
        detail: expect.stringMatching(/^It cannot be read: execute command denied .*app\.fails/),
      },
    ]);
    await other.end();
    await watch.end();
  });
});
