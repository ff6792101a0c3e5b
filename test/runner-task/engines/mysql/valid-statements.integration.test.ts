import { readFileSync } from 'node:fs';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { createMysqlPolicy } from '../../../../runner-task/supervisor/engines/mysql/policy/mysql-policy.ts';
import { createMysqlParser } from '../../../../runner-task/supervisor/engines/mysql/policy/mysql-parser.ts';
import { refusalText } from '../../../../runner-task/supervisor/policy/verdict.ts';
import type { Policy } from '../../../../runner-task/supervisor/policy/statement-policy.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startMariadb, type MariadbServer } from '../../../support/mariadb-server.ts';
import { policyPython } from '../../policy/policy-python.ts';

const schema = `
  CREATE TABLE parts (id INT PRIMARY KEY, name VARCHAR(40), price DECIMAL(10,2), doc JSON, made DATETIME,
    kind ENUM('a','b'), flags SET('x','y'), bits BIT(8), KEY by_name (name));
  INSERT INTO parts SELECT seq, CONCAT('part ', seq), seq * 1.5, CONCAT('{"k": ', seq, ', "list": [1,2,3], "a b": "x"}'),
    '2024-02-03 04:05:06', IF(seq % 2, 'a', 'b'), 'x,y', b'101' FROM seq_1_to_12;
  CREATE DATABASE sales; CREATE TABLE sales.\`my lines\` (id INT PRIMARY KEY AUTO_INCREMENT, part_id INT, quantity INT);
  INSERT INTO sales.\`my lines\` (part_id, quantity) SELECT 1 + seq % 12, seq FROM seq_1_to_20;
  CREATE TABLE articles (id INT PRIMARY KEY, body TEXT, FULLTEXT KEY (body));
  INSERT INTO articles VALUES (1, 'the quick brown fox'), (2, 'lazy dogs sleep'), (3, 'foxes and dogs');
  CREATE TABLE parted (id INT, y INT) PARTITION BY RANGE (y)
    (PARTITION p0 VALUES LESS THAN (2000), PARTITION p1 VALUES LESS THAN (2010), PARTITION p2 VALUES LESS THAN MAXVALUE);
  INSERT INTO parted VALUES (1, 1990), (2, 2005), (3, 2020);
  CREATE TABLE versioned (id INT, v INT) WITH SYSTEM VERSIONING; INSERT INTO versioned VALUES (1, 1), (2, 2);
  CREATE TABLE t2 (id INT, pid INT, \`select\` INT, \`Order By\` INT);
  INSERT INTO t2 VALUES (1, 1, 3, 4), (2, 1, 5, 6), (3, 2, NULL, 1), (4, 4, 2, 2);
  CREATE TABLE geo (id INT, g GEOMETRY); INSERT INTO geo VALUES (1, ST_GeomFromText('POINT(1 2)'));
  CREATE TABLE idx (id INT PRIMARY KEY, a INT, b INT, KEY ia (a), KEY ib (b)); INSERT INTO idx SELECT seq, seq % 3, seq % 5 FROM seq_1_to_20;
  CREATE SEQUENCE numbers;`;

const tables = ['parts', 'articles', 'parted', 'versioned', 't2', 'geo', 'idx'];

const statements = readFileSync(new URL('./valid-statements.sql', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('-- '));

/** What MySQL 8 has and MariaDB has not: what is sent says the same in the same words, as far as they have them. */
const ofMysql = [
  ['SELECT t2.id, d.n FROM t2, LATERAL (SELECT COUNT(*) AS n FROM idx WHERE idx.a = t2.id) AS d', /LATERAL/],
  ["SELECT 'a' MEMBER OF (doc) FROM parts", /MEMBER OF/],
  ['VALUES ROW(1, 2), ROW(3, 4) ORDER BY column_0 LIMIT 1', /ROW\(1, 2\), ROW\(3, 4\) ORDER BY column_0 LIMIT 1/],
  ['TABLE t2 ORDER BY id LIMIT 2', /SELECT \* FROM t2 ORDER BY id LIMIT 2/],
  ["SELECT REGEXP_LIKE(name, 'P', 'c') FROM parts", /REGEXP_LIKE\(name, 'P', 'c'\)/],
  ['SELECT kind, GROUPING(kind) FROM parts GROUP BY kind WITH ROLLUP', /GROUPING\(kind\).*WITH ROLLUP/],
  ['SELECT * FROM (SELECT 1, 2) AS d (a, b)', /AS d\(a, b\)/],
  ["SELECT CAST('{}' AS JSON), CAST(1 AS FLOAT), CAST('2020' AS YEAR)", /AS JSON.*AS FLOAT.*AS YEAR/],
  ['WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 5) SELECT x FROM n', /LIMIT 5\)/],
  ['(SELECT 1) INTERSECT ALL (SELECT 1) EXCEPT ALL (SELECT 2)', /INTERSECT ALL.*EXCEPT ALL/],
  ['EXPLAIN FORMAT=TREE SELECT id FROM t2', /FORMAT ?= ?TREE/],
  ['SELECT ST_Longitude(g), ST_SRID(g) FROM geo', /ST_LONGITUDE|ST_Longitude/],
  ['SELECT LAG(id) OVER w AS l FROM t2 WINDOW w AS (ORDER BY id)', /WINDOW w AS/],
] as const;

/** What is valid and reads, and is refused all the same, for a reason that is told. */
const refused = [
  ['SELECT * FROM versioned FOR SYSTEM_TIME ALL', /^Rule "the present"/],
  ['SELECT NEXT VALUE FOR numbers', /sequences.*ROW_NUMBER/],
  ['SELECT PREVIOUS VALUE FOR numbers', /sequences.*ROW_NUMBER/],
  ['SELECT NEXTVAL(numbers)', /^Rule "functions": NEXTVAL/],
  ['SELECT LASTVAL(numbers)', /^Rule "functions": LASTVAL/],
  ['SELECT * FROM parts PROCEDURE ANALYSE()', /PROCEDURE ANALYSE makes a table/],
  ['SELECT * FROM seq_1_to_9', /is not a table of this run/],
  ['SELECT * FROM sales.seq_1_to_3', /is not a table of this run/],
  ['EXPLAIN EXTENDED SELECT 1', /plain EXPLAIN shows/],
  ['EXPLAIN PARTITIONS SELECT 1', /plain EXPLAIN shows/],
  ['SHOW ENGINES', /SHOW ENGINES may not be used\. Use SHOW TABLES/],
  ['SHOW EXTENDED COLUMNS FROM parts', /SHOW EXTENDED may not be used/],
] as const;

describe.skipIf(isMissing('mariadb'))('valid statements of MariaDB and MySQL that only read', () => {
  let server: MariadbServer;
  let policy: Policy;
  let connection: mysql.Connection;
  beforeAll(async () => {
    server = await startMariadb();
    await server.run(schema);
    policy = createMysqlPolicy({
      tables: [
        ...tables.map((table) => ({ name: table, table })),
        { name: 'sales.my lines', schema: 'sales', table: 'my lines' },
      ],
      default_schema: 'app',
      fold_names: false,
      // A server without such numbers may have a table of the name.
      not_asked: ['seq_1_to_9'],
      parser: createMysqlParser(await policyPython()),
    });
    connection = await mysql.createConnection({ uri: server.url() });
    await connection.query("SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION', max_statement_time = 20");
  });
  afterAll(async () => {
    policy.close();
    await connection.end();
    await server.stop();
  });

  const rows = async (sql: string): Promise<unknown> => (await connection.query({ sql, rowsAsArray: true }))[0];

  test.each(statements)('%s', async (sql) => {
    const verdict = await policy.judge(sql);
    expect(verdict.allowed ? 'allowed' : refusalText(verdict)).toBe('allowed');
    const admitted = verdict.allowed ? verdict.sql : '';
    const [through, direct] = [await rows(admitted), await rows(sql)];
    expect({ admitted, rows: through }).toEqual({ admitted, rows: direct });
  });

  it.each(ofMysql)('is sent as it was written, of MySQL: %s', async (sql, written) => {
    const verdict = await policy.judge(sql);
    expect(verdict.allowed ? verdict.sql : refusalText(verdict)).toMatch(written);
  });

  it.each(refused)('is refused for a reason: %s', async (sql, reason) => {
    const verdict = await policy.judge(sql);
    expect(verdict.allowed ? 'allowed' : refusalText(verdict)).toMatch(reason);
  });

  it.each([
    ['NULLS', 'SELECT id FROM t2 ORDER BY id NULLS LAST'],
    ['PERCENT', 'SELECT id FROM t2 ORDER BY id FETCH FIRST 10 PERCENT ROWS ONLY'],
    ['DISTINCT', 'SELECT DISTINCT ON (id) id FROM t2'],
    ['MATERIALIZED', 'WITH a AS MATERIALIZED (SELECT 1) SELECT * FROM a'],
  ])('leaves out nothing that its grammar reads and does not write: %s', async (word, sql) => {
    const verdict = await policy.judge(sql);
    expect(verdict.allowed ? verdict.sql : refusalText(verdict)).toContain(`${word} is not understood where it stands`);
  });
});
