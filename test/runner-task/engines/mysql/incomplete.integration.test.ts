import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startMariadb, type MariadbServer } from '../../../support/mariadb-server.ts';
import { limits, open } from './mysql-target.ts';

describe.skipIf(isMissing('mariadb'))('a result that MariaDB warns of', () => {
  let server: MariadbServer;
  let engine: OpenEngine;
  beforeAll(async () => {
    server = await startMariadb();
    await server.run(`SET GLOBAL max_allowed_packet = 1048576, max_error_count = 0;
      CREATE TABLE t (id INT PRIMARY KEY, word VARCHAR(40), doc TEXT, made DATETIME);
      INSERT INTO t SELECT seq, CONCAT('word ', seq), IF(seq % 2, '{"k": 1}', '{k'), '2024-01-31' FROM seq_1_to_300;
      CREATE TABLE gone (id INT); CREATE VIEW broken AS SELECT id FROM gone; DROP TABLE gone`);
    engine = await open(server.port);
  });
  afterAll(async () => {
    await engine.close();
    await server.stop();
  });

  it.each([
    [
      'a recursion that is stopped',
      'WITH RECURSIVE r AS (SELECT 1 n UNION ALL SELECT n + 1 FROM r WHERE n < 5000) SELECT count(*) FROM r',
      1931,
    ],
    ['rows that are no longer examined', 'SELECT id FROM t LIMIT ROWS EXAMINED 10', 1931],
    ['GROUP_CONCAT that is cut', `SELECT length(group_concat(repeat('x', 9000))) FROM t`, 1260],
    ['JSON_ARRAYAGG that is cut', `SELECT length(json_arrayagg(repeat('x', 9000))) FROM t`, 1260],
    ['a cast that overflows', `SELECT CAST(1e30 AS SIGNED)`, 1916],
    ['REPEAT beyond what may be sent', `SELECT length(repeat('x', 2000000))`, 1301],
    ['CONCAT beyond what may be sent', `SELECT length(concat(repeat('x', 900000), repeat('x', 900000)))`, 1301],
    ['SPACE, and any other that makes a long text', 'SELECT space(2000000), lpad(1, 2000000, 2)', 1301],
    ['a regular expression that is given up', `SELECT repeat('a', 100000) REGEXP '^(a|a?)+$b'`, 1139],
    ['a text that is no number', 'SELECT cast(word AS INT) FROM t', 1292],
    ['a comparison with a number of a text that is none', 'SELECT id FROM t WHERE word = 0', 1292],
    ['a text that is no day', `SELECT cast('2024-13-01' AS DATE)`, 1292],
    ['a text that is no day of the form', `SELECT str_to_date('x', '%Y')`, 1411],
    ['a time beyond all', 'SELECT made + INTERVAL 99999 YEAR FROM t', 1441],
    ['a number that does not fit', 'SELECT cast(99999999999 AS DECIMAL(3, 0))', 1264],
    ['JSON that is none', `SELECT json_extract(doc, '$.k') FROM t`, 4038],
    ['bytes that are no base64', `SELECT from_base64('!!')`, 1958],
    ['signs that another character set lacks', `SELECT convert('日' USING latin1)`, 1977],
  ])('says so of %s, though the server is set to keep no warning', async (_, sql, code) => {
    const { incomplete } = await engine.run(sql, limits);
    expect((incomplete ?? []).join('\n')).toContain(`The server warned (${code}): `);
  });

  it('sorts and ranks texts that differ behind their first 1,024 bytes', async () => {
    const long = "CONCAT(REPEAT('p', 1100), id)";
    const { values } = await engine.run(
      `SELECT DENSE_RANK() OVER (ORDER BY ${long}) AS r FROM t WHERE id < 6 ORDER BY r`,
      limits,
    );
    expect(values[0]?.map(Number)).toEqual([1, 2, 3, 4, 5]);
    const last = await engine.run(`SELECT id FROM t WHERE id < 6 ORDER BY ${long} DESC LIMIT 3`, limits);
    expect(last.values).toEqual([[5, 4, 3]]);
    const several = await engine.run(
      'SELECT id FROM t ORDER BY doc, REPEAT(doc, 2), CONCAT(doc, doc), id LIMIT 1',
      limits,
    );
    expect(several.values).toHaveLength(1);
    // Rows of many texts are grouped whole, as whoever looks for copies does.
    const many = Array.from({ length: 120 }, (_, at) => `CONCAT(doc, ${at})`).join(', ');
    const grouped = await engine.run(`SELECT COUNT(*) AS n FROM t GROUP BY ${many} ORDER BY n LIMIT 1`, limits);
    expect(grouped.values).toHaveLength(1);
  });

  it.each([
    'SELECT id, word, made FROM t',
    'SELECT group_concat(word) FROM t',
    'SELECT id / NULLIF(0, 0) FROM t',
    'SELECT cast(-1 AS UNSIGNED)',
    'EXPLAIN SELECT * FROM t',
    'SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = database()',
    'SHOW FULL COLUMNS FROM t',
  ])('says nothing of %s', async (sql) => {
    expect((await engine.run(sql, limits)).incomplete).toBeUndefined();
  });

  it('says how often, and keeps the next result free of it', async () => {
    const { incomplete } = await engine.run(
      `SELECT cast(word AS INT), str_to_date(word, "%Y") FROM t LIMIT 20`,
      limits,
    );
    expect(incomplete).toHaveLength(2);
    expect(incomplete?.[0]).toMatch(/^The server warned \(1292\): .*'word 1', and 19 like it\.$/);
    expect((await engine.run('SELECT 1', limits)).incomplete).toBeUndefined();
  });
});
