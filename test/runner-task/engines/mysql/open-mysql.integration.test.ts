import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { openMysql } from '../../../../runner-task/supervisor/engines/mysql/open-mysql.ts';
import {
  createMysqlParser,
  type MysqlParser,
} from '../../../../runner-task/supervisor/engines/mysql/policy/mysql-parser.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startMariadb, type MariadbServer } from '../../../support/mariadb-server.ts';
import { policyPython } from '../../policy/policy-python.ts';
import { failureOf, limits, targetOn } from './mysql-target.ts';

describe.skipIf(isMissing('mariadb'))('MariaDB behind the policy', () => {
  let server: MariadbServer;
  let engine: OpenEngine;
  let python: string;
  let parser: MysqlParser;
  const parsed: string[] = [];
  beforeAll(async () => {
    server = await startMariadb();
    await server.run(`CREATE TABLE t (id INT PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 10), (2, 20);
      CREATE TABLE \`2024.Ord\`\`ers\` (\`Größe in "m"\` DECIMAL(5,1), b BLOB); INSERT INTO \`2024.Ord\`\`ers\` VALUES (1.5, x'FF')`);
    python = await policyPython();
    const started = createMysqlParser(python);
    parser = {
      ...started,
      parse: (sql) => {
        parsed.push(sql);
        return started.parse(sql);
      },
    };
    engine = await openMysql(targetOn(server.port), parser);
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

  it('tells tables and columns by SHOW', async () => {
    expect(await rowsOf('SHOW TABLES')).toEqual([['2024.Ord`ers', 't']]);
    expect((await engine.run('SHOW COLUMNS FROM t', limits)).rows).toBe(2);
  });

  it('judges a statement once that was judged ahead, and again the next time', async () => {
    const sql = 'SELECT 7 AS ahead';
    engine.judgeAhead?.(sql);
    engine.judgeAhead?.(sql);
    expect(await rowsOf(sql)).toEqual([[7]]);
    expect(parsed.filter((text) => text === sql)).toHaveLength(1);
    expect(await rowsOf(sql)).toEqual([[7]]);
    expect(parsed.filter((text) => text === sql)).toHaveLength(2);
  });

  it('refuses what it judged ahead when it is run, and not before', async () => {
    const sql = 'DELETE FROM t WHERE id = 1';
    engine.judgeAhead?.(sql);
    expect(await rowsOf('SELECT count(*) FROM t')).toEqual([[2]]);
    expect((await failureOf(engine.run(sql, limits))).kind).toBe('STATEMENT_REFUSED');
  });

  it('judges no more than eight ahead', async () => {
    const statements = Array.from({ length: 20 }, (_, at) => `SELECT ${at} AS n`);
    for (const sql of statements) engine.judgeAhead?.(sql);
    expect(parsed.filter((sql) => sql.endsWith(' AS n'))).toHaveLength(8);
    for (const [at, sql] of statements.entries()) expect(await rowsOf(sql)).toEqual([[at]]);
  });

  it('ends the parser when it is closed', async () => {
    const own = createMysqlParser(python);
    await (await openMysql(targetOn(server.port), own)).close();
    expect(await own.parse('SELECT 1')).toMatchObject({ failed: 'lost' });
  });

  it('ends the parser where the server does not let it in', async () => {
    const unused = createMysqlParser(python);
    await failureOf(openMysql(targetOn(server.port, { password: 'wrong' }), unused));
    expect(await unused.parse('SELECT 1')).toEqual({ failed: 'lost', message: 'the parser has been closed' });
  });
});
