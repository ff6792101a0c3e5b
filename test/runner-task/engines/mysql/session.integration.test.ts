import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type MysqlConnection } from '../../../../runner-task/supervisor/engines/mysql/connect.ts';
import {
  borrowSession,
  catalogSettings,
  readServer,
  type ServerAbout,
  statementSettings,
} from '../../../../runner-task/supervisor/engines/mysql/session.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startMariadb, type MariadbServer } from '../../../support/mariadb-server.ts';
import { limits, targetOn } from './mysql-target.ts';

/** Those that the server itself counts on. */
const moving = new Set([
  'timestamp',
  'pseudo_thread_id',
  'last_gtid',
  'in_transaction',
  'warning_count',
  'error_count',
  'insert_id',
  'rand_seed1',
  'rand_seed2',
]);

describe.skipIf(isMissing('mariadb'))('a session of MariaDB that a proxy hands on', () => {
  let server: MariadbServer;
  let connection: MysqlConnection;
  let about: ServerAbout;
  beforeAll(async () => {
    server = await startMariadb();
    await server.run('CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1)');
    connection = await connect(targetOn(server.port));
    about = await readServer(connection);
  });
  afterAll(async () => {
    connection.destroy();
    await server.stop();
  });

  const variables = async (): Promise<ReadonlyMap<string, unknown>> =>
    new Map(
      (await connection.ask('SHOW SESSION VARIABLES'))
        .map((row): [string, unknown] => [String(row['Variable_name']), row['Value']])
        .filter(([name]) => !moving.has(name)),
    );

  const ofItsClient = `SET SESSION sql_mode = 'ANSI_QUOTES', time_zone = '+05:00', sql_select_limit = 7000, lock_wait_timeout = 99,
    max_statement_time = 12.5, character_set_results = NULL, character_set_client = latin1, max_error_count = 0, sql_big_selects = 0, div_precision_increment = 0`;

  it.each([
    ['as it was opened', 'SELECT 1'],
    ['with settings of its client', ofItsClient],
    ['at the level where reading locks', `SET SESSION tx_isolation = 'SERIALIZABLE'`],
  ])('%s is given back with the settings it had', async (_, sql) => {
    await connection.ask(sql);
    const before = await variables();
    for (const settings of [statementSettings(about, limits), catalogSettings(about)]) {
      const giveBack = await borrowSession(connection, about, settings);
      expect((await variables()).get('sql_mode')).toBe('ONLY_FULL_GROUP_BY');
      await giveBack();
      expect(await variables()).toEqual(before);
      // Its client's statements write as before.
      await connection.ask('INSERT INTO t VALUES (2)');
      await connection.ask('DELETE FROM t WHERE id = 2');
    }
  });

  it('holds nothing that its statement locked by name', async () => {
    const giveBack = await borrowSession(connection, about, statementSettings(about, limits));
    await connection.ask(`SELECT GET_LOCK('held', 1)`);
    await giveBack();
    expect(await connection.ask(`SELECT IS_FREE_LOCK('held') AS free`)).toEqual([{ free: 1 }]);
  });

  it('locks no row at the level where reading does', async () => {
    await connection.ask(`SET SESSION tx_isolation = 'SERIALIZABLE'`);
    const giveBack = await borrowSession(connection, about, statementSettings(about, limits));
    await connection.ask('SELECT * FROM t');
    const other = await connect(targetOn(server.port));
    await other.ask('SET SESSION innodb_lock_wait_timeout = 1');
    await other.ask('UPDATE t SET id = 3 WHERE id = 1');
    expect(await other.ask('SELECT id FROM t')).toEqual([{ id: 3 }]);
    await other.ask('UPDATE t SET id = 1 WHERE id = 3');
    other.destroy();
    await giveBack();
  });
});
