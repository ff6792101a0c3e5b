import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../../../runner-task/supervisor/engines/mysql/connect.ts';
import { loadMysql } from '../../../../runner-task/supervisor/engines/mysql/open-mysql.ts';
import {
  borrowSession,
  readServer,
  statementSettings,
} from '../../../../runner-task/supervisor/engines/mysql/session.ts';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { mysqlOfDebian } from '../../../support/mariadb-programs.ts';
import { startMariadb, type MariadbServer } from '../../../support/mariadb-server.ts';
import { policyPython } from '../../policy/policy-python.ts';
import { failureOf, limits, open, targetOn } from './mysql-target.ts';

const password = 'r-ole_ Pw:1';

/** What MySQL does otherwise than MariaDB. */
describe.skipIf(isMissing('debian', 'root', 'x64'))('MySQL itself', () => {
  let server: MariadbServer;
  let engine: OpenEngine;
  beforeAll(async () => {
    server = await startMariadb({ programs: mysqlOfDebian() });
    await server.run(`
      CREATE TABLE people (id INT PRIMARY KEY AUTO_INCREMENT, word VARCHAR(40), made DATETIME, doc JSON, hidden INT INVISIBLE,
        twice INT GENERATED ALWAYS AS (hidden * 2) VIRTUAL, place POINT, near VECTOR(3), KEY ((lower(word))), CHECK (word <> ''));
      INSERT INTO people (word, made, doc, hidden, near) WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < 300)
        SELECT concat('word ', i), '2024-01-31', json_object('a', i), i, to_vector('[1,2,3]') FROM n;
      CREATE TABLE empty_one (id INT PRIMARY KEY); CREATE TABLE gone (id INT); CREATE VIEW broken AS SELECT id FROM gone; DROP TABLE gone;
      CREATE USER leaver; CREATE DEFINER = leaver VIEW orphaned AS SELECT id FROM people; DROP USER leaver;
      CREATE ROLE writers; GRANT INSERT, UPDATE ON app.* TO writers; CREATE ROLE readers; GRANT SELECT, SHOW VIEW ON app.* TO readers`);
    const users: Readonly<Record<string, string>> = {
      reader: 'GRANT SELECT, SHOW VIEW ON app.* TO reader',
      with_role: 'GRANT SELECT ON app.* TO with_role; GRANT writers TO with_role',
      default_role: 'GRANT readers TO default_role; SET DEFAULT ROLE readers TO default_role',
      filer: 'GRANT SELECT, FILE ON *.* TO filer',
      administrator: 'GRANT SELECT ON app.* TO administrator; GRANT SYSTEM_VARIABLES_ADMIN ON *.* TO administrator',
      partly: 'GRANT SELECT, INSERT ON *.* TO partly; REVOKE INSERT ON mysql.* FROM partly',
    };
    await server.run('SET GLOBAL partial_revokes = ON');
    for (const [user, grants] of Object.entries(users))
      await server.run(`CREATE USER ${user} IDENTIFIED BY '${password}'; ${grants}`);
    engine = await openReader();
  });
  afterAll(async () => {
    await engine?.close();
    await server?.stop();
  });

  const openAs = (user: string): Promise<OpenEngine> => open(server.port, { user, password, writable_role: 'refuse' });
  const openReader = async (): Promise<OpenEngine> =>
    loadMysql().open(
      { ...targetOn(server.port, { user: 'reader', password, writable_role: 'refuse' }) },
      { memory_bytes: 1, spill_folder: '/tmp', python: await policyPython() },
    );

  it('is surveyed by a user that may read alone, who may not change every setting', () => {
    const { role, tables, not_visible } = engine.opened.schema;
    expect(role).toEqual({ name: 'reader@%', can_write: false, found: [] });
    expect(tables.map(({ name }) => name)).toEqual(['empty_one', 'orphaned', 'people']);
    expect(tables.find(({ name }) => name === 'people')?.columns.map(({ name, type }) => [name, type])).toEqual([
      ['id', 'int'],
      ['word', 'varchar(40)'],
      ['made', 'datetime'],
      ['doc', 'json'],
      ['hidden', 'int'],
      ['twice', 'int'],
      ['place', 'point'],
      ['near', 'vector(3)'],
    ]);
    expect(not_visible).toEqual([
      { what: 'table', name: 'broken', detail: expect.stringMatching(/^It cannot be read: .*invalid table/) },
    ]);
  });

  it.each([
    ['with_role', 'INSERT on app.*'],
    ['filer', 'FILE on *.*'],
    ['administrator', 'SYSTEM_VARIABLES_ADMIN on *.*'],
    ['partly', 'INSERT on *.*'],
  ])('refuses %s', async (user, found) => {
    const failure = await failureOf(openAs(user));
    expect([failure.kind, failure.message]).toEqual(['DATABASE_WRITABLE', expect.stringContaining(found)]);
  });

  it('lets a role in that reads by default, and the user whose statements the refusal prints', async () => {
    await (await openAs('default_role')).close();
    const { message } = await failureOf(open(server.port, { writable_role: 'refuse' }));
    const statements = message.split('\n').filter((line) => /^(CREATE|GRANT) /.test(line));
    await server.run(statements.join('\n').replace('<a new password>', password));
    const made = await openAs('surveyor');
    expect(made.opened.schema.role?.can_write).toBe(false);
    await made.close();
  });

  it.each([
    ['GROUP_CONCAT that is cut', `SELECT length(group_concat(repeat('x', 9000))) FROM people`, 1260],
    ['REPEAT beyond what may be sent', `SELECT length(repeat('x', 200000000))`, 1301],
    ['a text that is no number', 'SELECT cast(word AS SIGNED) FROM people', 1292],
    ['a comparison with a number of a text that is none', 'SELECT id FROM people WHERE word = 0', 1292],
    ['a text that is no day', `SELECT cast('2024-13-01' AS DATE)`, 1292],
    ['a time beyond all', 'SELECT made + INTERVAL 99999 YEAR FROM people', 1441],
    ['a number that does not fit', 'SELECT cast(99999999999 AS DECIMAL(3, 0))', 1264],
  ])('says so of %s', async (_, sql, code) => {
    const { incomplete } = await engine.run(sql, limits);
    expect((incomplete ?? []).join('\n')).toContain(`The server warned (${code}): `);
    expect((await engine.run('SELECT 1', limits)).incomplete).toBeUndefined();
  });

  it.each([
    [
      'WITH RECURSIVE r AS (SELECT 1 n UNION ALL SELECT n + 1 FROM r WHERE n < 5000) SELECT count(*) FROM r',
      /aborted after 1001/,
    ],
    [`SELECT repeat('a', 100000) REGEXP '^(a|a?)+$b'`, /Timeout exceeded in regular expression/],
    ['SELECT id FROM orphaned', /runs with the rights of its definer/],
  ])('fails over %s', async (sql, message) => {
    await expect(engine.run(sql, limits)).rejects.toMatchObject({
      kind: 'STATEMENT_FAILED',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['TABLE empty_one', [[]]],
    [
      'VALUES ROW(1, 2), ROW(3, 4)',
      [
        [1, 3],
        [2, 4],
      ],
    ],
    ['SELECT id FROM people EXCEPT SELECT id FROM people WHERE id > 1', [[1]]],
    ['SELECT x.m FROM people p, LATERAL (SELECT max(id) AS m FROM people q WHERE q.id < p.id) x WHERE p.id = 3', [[2]]],
    [`SELECT a FROM json_table('[{"a":1}]', '$[*]' COLUMNS (a INT PATH '$.a')) t`, [[1]]],
    [
      `SELECT doc->>'$.a', json_value(doc, '$.a' RETURNING SIGNED), 2 MEMBER OF ('[2]') FROM people WHERE id = 7`,
      [['7'], [7], [1]],
    ],
    [
      'SELECT vector_to_string(near), vector_dim(near) FROM people LIMIT 1',
      [['[1.00000e+00,2.00000e+00,3.00000e+00]'], [3]],
    ],
    [`SELECT regexp_substr('abc', 'b.'), version() = version()`, [['bc'], [1]]],
    ['SELECT id, grouping(id) FROM empty_one GROUP BY id WITH ROLLUP', [[null], [1]]],
  ])('runs %s', async (sql, values) => {
    expect((await engine.run(sql, limits)).values).toEqual(values);
  });

  it.each([
    'SELECT id FROM people FOR SHARE SKIP LOCKED',
    'EXPLAIN ANALYZE SELECT * FROM people',
    `SELECT sleep(5)`,
    'SELECT * FROM performance_schema.threads',
    'SELECT @@secure_file_priv',
    'SELECT * FROM mysql.user',
    'HANDLER people OPEN',
    'CLONE LOCAL DATA DIRECTORY = "/tmp/clone"',
  ])('refuses %s', async (sql) => {
    await expect(engine.run(sql, limits)).rejects.toMatchObject({ kind: 'STATEMENT_REFUSED' });
  });

  it.each(['MAX_EXECUTION_TIME(100000)', 'SET_VAR(max_execution_time = 0)'])(
    'ends a statement at its time whatever its hints ask for: %s',
    async (hint) => {
      const sql = `SELECT /*+ ${hint} */ sum(a.id * b.id * c.id * d.id % 7) FROM people a, people b, people c, people d`;
      const started = Date.now();
      await expect(engine.run(sql, { ...limits, seconds: 1 })).rejects.toMatchObject({ kind: 'RUNNER_TIMEOUT' });
      expect(Date.now() - started).toBeLessThan(8_000);
    },
  );

  it('ends a statement that is interrupted, on the server', async () => {
    const running = failureOf(
      engine.run('SELECT sum(a.id * b.id * c.id * d.id % 7) FROM people a, people b, people c, people d', limits),
    );
    const session = await connect(targetOn(server.port));
    const runs = async (): Promise<number> => {
      const rows = await session.ask(
        `SELECT id FROM information_schema.processlist WHERE user = 'reader' AND info LIKE '%sum(%'`,
      );
      return rows.length;
    };
    await expect.poll(runs).toBe(1);
    engine.interrupt();
    expect((await running).kind).toBe('RUNNER_TIMEOUT');
    await expect.poll(runs).toBe(0);
    session.destroy();
  });

  it('has its session back as it was', async () => {
    const session = await connect(targetOn(server.port, { user: 'reader', password }));
    // Those that the server itself counts on.
    const moving =
      /^(timestamp|pseudo_thread_id|statement_id|rand_seed\d|warning_count|error_count|last_insert_id|insert_id)$/;
    const variables = async (): Promise<unknown> =>
      (await session.ask('SHOW SESSION VARIABLES'))
        .map((row) => [String(row['Variable_name']), row['Value']])
        .filter(([name]) => !moving.test(String(name)));
    await session.ask(`SET SESSION sql_mode = 'ANSI_QUOTES', time_zone = '+05:00', sql_select_limit = 7000, max_execution_time = 9,
      transaction_isolation = 'SERIALIZABLE'`);
    const before = await variables();
    const giveBack = await borrowSession(
      session,
      await readServer(session),
      statementSettings(await readServer(session), limits),
    );
    expect(await variables()).not.toEqual(before);
    await giveBack();
    expect(await variables()).toEqual(before);
    session.destroy();
  });
});
