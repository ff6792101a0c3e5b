import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenEngine } from '../../../runner-task/supervisor/engine.ts';
import { openMysql } from '../../../runner-task/supervisor/mysql/open-mysql.ts';
import { hasMariadb, startMariadb, type MariadbServer } from '../../support/mariadb-server.ts';
import { policyPython } from '../policy/policy-python.ts';
import { failureOf, limits, targetOn } from './mysql-target.ts';

describe.skipIf(!hasMariadb)('MariaDB behind the policy', () => {
  let server: MariadbServer;
  let engine: OpenEngine;
  beforeAll(async () => {
    server = await startMariadb();
    await server.run(`CREATE TABLE t (id INT PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 10), (2, 20);
      CREATE TABLE \`2024.Ord\`\`ers\` (\`Größe in "m"\` DECIMAL(5,1), b BLOB); INSERT INTO \`2024.Ord\`\`ers\` VALUES (1.5, x'FF')`);
    const python = await policyPython();
    engine = await openMysql(targetOn(server.port), { memory_bytes: 1, spill_folder: '/tmp', python });
  });
  afterAll(async () => {
    await engine.close();
    await server.stop();
  });

  const rowsOf = async (sql: string): Promise<unknown> => (await engine.run(sql, limits)).values;

  it.each([
    ['SELECT count(*), sum(v), avg(v) FROM t', [[2], ['30'], ['15.0000']]],
    ['SELECT t.id FROM app.t AS t WHERE t.v > 10 -- a comment', [[2]]],
    ['SELECT `Größe in "m"` AS "of", b FROM `2024.Ord``ers`', [['1.5'], ['0xFF']]],
    [`SELECT "it's" AS a, 'back\\\\slash' AS b, 'two' ' parts' AS c`, [["it's"], ['back\\slash'], ['two parts']]],
    ['WITH w AS (SELECT v, row_number() OVER (ORDER BY v) AS r FROM t) SELECT v FROM w WHERE r = 1', [[10]]],
    [`SELECT group_concat(v ORDER BY v DESC SEPARATOR '|') FROM t`, [['20|10']]],
    [`SELECT CAST('2024-01-31' AS DATE) + INTERVAL 1 MONTH`, [['2024-02-29']]],
  ])('runs %s', async (sql, values) => {
    expect(await rowsOf(sql)).toEqual(values);
  });

  it.each([
    'DELETE FROM t',
    "SELECT 1 INTO OUTFILE '/tmp/written'",
    'SET GLOBAL max_connections = 1',
    'SELECT sleep(9)',
    "SELECT load_file('/etc/passwd')",
    'SELECT /*! 1 INTO OUTFILE "/tmp/written", */ 1',
    'SELECT * FROM mysql.global_priv',
    "SELECT get_lock('x', 1)",
    'SELECT 1; SELECT 2',
  ])('refuses %s', async (sql) => {
    expect((await failureOf(engine.run(sql, limits))).kind).toBe('STATEMENT_REFUSED');
  });

  it('tells tables and columns by SHOW', async () => {
    expect(await rowsOf('SHOW TABLES')).toEqual([['2024.Ord`ers', 't']]);
    expect((await engine.run('SHOW COLUMNS FROM t', limits)).rows).toBe(2);
  });
});
