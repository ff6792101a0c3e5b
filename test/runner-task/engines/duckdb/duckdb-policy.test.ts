import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDuckdbPolicy } from '../../../../runner-task/supervisor/engines/duckdb/policy/duckdb-policy.ts';
import type { Policy } from '../../../../runner-task/supervisor/policy/statement-policy.ts';
import { duckdbFunctions } from '../../../../runner-task/supervisor/engines/duckdb/policy/duckdb-functions.ts';
import { namesOf } from '../../../../runner-task/supervisor/policy/name-groups.ts';
import { fuzzRuns, mutatedStatements } from '../../policy/mutations.ts';
import { refusalReport } from '../../policy/refusal-report.ts';

const schema = `
  CREATE TABLE parts AS SELECT i AS id, 'part ' || i AS name, i * 1.5 AS price, ['a','b'] AS tags, '{"k": 1}'::JSON AS doc, TIMESTAMP '2024-02-03' AS made FROM range(50) r(i);
  CREATE SCHEMA sales; CREATE TABLE sales.lines AS SELECT i AS id, i % 50 AS part_id FROM range(80) r(i);
  CREATE TABLE hidden AS SELECT 'x' AS secret; CREATE SEQUENCE numbers; CREATE MACRO spoil(x) AS nextval('numbers');`;

const attacks = {
  'several statements, or none': [
    'SELECT 1; SELECT 2',
    'ROLLBACK; DELETE FROM parts',
    '-- nothing',
    ' ; ',
    'SELECT $x$ ; $x$; DROP TABLE parts',
    'PIVOT parts ON name; DROP TABLE parts',
    'EXPLAIN SELECT 1; SELECT 2',
  ],
  'statements that are no queries': [
    'BEGIN',
    'RESET threads',
    'VACUUM',
    'CHECKPOINT',
    "COPY parts TO '/tmp/spoilt'",
    "EXPORT DATABASE '/tmp/spoilt'",
    "ATTACH ':memory:' AS x",
    'DETACH x',
    'CREATE TEMP TABLE t AS SELECT 1',
    'CREATE MACRO m() AS 1',
    'INSERT INTO parts SELECT 1',
    'TRUNCATE parts',
    'SET VARIABLE a = 1',
    'PRAGMA enable_logging',
    'INSTALL httpfs',
    "LOAD 'x'",
    'EXECUTE q',
    'PREPARE q AS SELECT 1',
    'EXPLAIN ANALYZE SELECT 1',
    'EXPLAIN (ANALYZE) SELECT 1',
    'EXPLAIN DELETE FROM parts',
    "CALL enable_logging(storage_path := '/tmp/spoilt')",
    'WITH x AS (DELETE FROM parts RETURNING *) FROM x',
    'SELECT 1 INTO x',
  ],
  relations: [
    'FROM hidden',
    'FROM main.hidden',
    'FROM lines',
    "FROM '/etc/passwd'",
    "FROM 'a.parquet'",
    'FROM duckdb_settings',
    'FROM pg_catalog.pg_settings',
    'FROM pragma_database_list',
    'FROM other.main.parts',
    'DESCRIBE hidden',
    'SHOW hidden',
    'SHOW DATABASES',
    'SUMMARIZE hidden',
    'SELECT * FROM (WITH hidden AS (SELECT 1) FROM hidden) a, hidden',
    'PIVOT hidden ON secret',
    'PIVOT parts ON id IN (SELECT secret FROM hidden)',
    'FROM part',
    'DESCRIBE FROM hidden',
  ],
  functions: [
    "SELECT getenv('HOME')",
    "FROM read_text('/etc/passwd')",
    "FROM glob('*')",
    "FROM query('FROM hidden')",
    "FROM query_table('hidden')",
    "SELECT nextval('numbers')",
    'SELECT spoil(1)',
    'SELECT (1).spoil()',
    "SELECT current_setting('threads')",
    'SELECT setseed(0.5)',
    'FROM duckdb_secrets()',
    'FROM duckdb_variables()',
    'SELECT sleep_ms(1)',
    "SELECT write_log('a')",
    "SELECT json_serialize_sql('SELECT 1')",
    'SELECT list_transform([1], lambda x: spoil(x))',
    'SELECT 1 ORDER BY spoil(1)',
    'SELECT count(*) OVER (ORDER BY spoil(1)) FROM parts',
    'SELECT * FROM parts LIMIT spoil(1)',
    'SELECT COLUMNS(c -> spoil(1)) FROM parts',
    'PIVOT parts ON name USING max(spoil(1))',
    'FROM histogram(hidden, secret)',
    'FROM pragma_table_info($$hidden$$)',
    'FROM test_all_types()',
  ],
  other: ['SELECT $1', 'SELECT ?', 'SELECT 1 FROM'],
};

const harmless = [
  'FROM parts SELECT name, sum(price) GROUP BY ALL HAVING count(*) > 0 ORDER BY ALL DESC LIMIT 3',
  "SELECT * EXCLUDE (tags) REPLACE (id + 1 AS id), COLUMNS('pri.*') * 2 FROM parts QUALIFY row_number() OVER (PARTITION BY name ORDER BY id) = 1",
  'SELECT list_transform([1, 2], lambda x: x + 1), [y * 2 FOR y IN [1, 2]], {a: 1}.a, MAP {1: 2}[1], tags[1], tags[1:2], doc->>$$k$$ FROM parts',
  'SELECT quantile_cont(price, [0.1, 0.9]), median(price), approx_count_distinct(name), mode(name), histogram(id), arg_max(id, price), count(*) FILTER (price > 10) FROM parts USING SAMPLE 50%',
  "SELECT regexp_replace(name, '\\d+', '#', 'g'), name ILIKE 'P%', name SIMILAR TO 'p.*', extract(year FROM made), made AT TIME ZONE 'UTC', date_trunc('month', made), made + INTERVAL 1 DAY, strftime(made, '%Y') FROM parts",
  'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT sum(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM r',
  'UNPIVOT (SELECT 1 AS a, 2 AS b) ON a, b INTO NAME n VALUE v',
  'PIVOT parts ON name IN ($$part 1$$) USING sum(price) GROUP BY id',
  'PIVOT parts ON name USING sum(price)',
  'FROM (PIVOT parts ON id % 2, name USING count(*), max(price) GROUP BY made) LIMIT 2',
  'SELECT p.id, l.n FROM parts p, LATERAL (SELECT count(*) AS n FROM sales.lines WHERE part_id = p.id) l WHERE p.id BETWEEN 1 AND 9 AND p.name IN (FROM parts SELECT name)',
  'SELECT price.round(1).abs(), name.upper_or_not FROM (SELECT price, {upper_or_not: name} AS name FROM parts)',
  'DESCRIBE parts',
  'SUMMARIZE parts',
  'SHOW TABLES',
  'SHOW parts',
  'EXPLAIN SELECT * FROM parts',
  'VALUES (1, 2), (3, 4);',
  'TABLE parts',
  'SELECT column_name FROM information_schema.columns',
  'FROM duckdb_columns() SELECT column_name',
  'FROM range(3)',
  'SELECT unnest(tags) FROM parts',
  "SELECT name, version() FROM pragma_table_info('parts')",
  "SELECT 'getenv(1)', $$;$$ -- DROP\n /* spoil() */",
  'FROM shop.main.parts',
];

const fragments = [
  ';',
  '; DROP TABLE hidden',
  "nextval('numbers')",
  'spoil(1)',
  'main.',
  'hidden',
  "'/etc/passwd'",
  ' INTO spoilt ',
  '--',
  '/*',
  '*/',
  "'",
  '"',
  '$$',
  "e'\\'",
  'EXPLAIN ',
  'ANALYZE ',
  'PIVOT ',
  ' ON name',
  ' IN ',
  ' USING ',
  '(',
  ')',
  ',',
  ' UNION ALL ',
  'upper',
  '.spoil()',
  '\\',
  'parts',
  'id',
  ' NULL ',
  ' LIMIT 1 ',
  'CREATE TABLE spoilt AS ',
  'BEGIN; ',
  "COPY parts TO '/tmp/spoilt'",
  "query('DELETE FROM hidden')",
  'DELETE FROM hidden',
  'lambda x: ',
  'x -> ',
  'CALL ',
  'PRAGMA ',
  'SET threads = 1',
  '::',
  'DROP TABLE hidden',
];

describe('the policy of DuckDB', () => {
  let instance: DuckDBInstance;
  let connection: DuckDBConnection;
  let policy: Policy;
  beforeAll(async () => {
    instance = await DuckDBInstance.create(':memory:');
    connection = await instance.connect();
    await connection.run("ATTACH ':memory:' AS shop; USE shop");
    await connection.run(schema);
    policy = createDuckdbPolicy({
      connection,
      catalog: 'shop',
      tables: [
        { name: 'parts', table: 'parts' },
        { name: 'sales.lines', schema: 'sales', table: 'lines' },
      ],
      default_schema: 'main',
    });
  });
  afterAll(() => instance.closeSync());

  const rows = async (sql: string): Promise<unknown> => (await connection.runAndReadAll(sql)).getRowsJson();
  const dump = async (): Promise<string> =>
    JSON.stringify([
      await rows('SELECT schema_name, table_name, sql FROM duckdb_tables() ORDER BY ALL'),
      await rows('SELECT function_name FROM duckdb_functions() WHERE NOT internal ORDER BY ALL'),
      await rows('SELECT sequence_name, last_value FROM duckdb_sequences() ORDER BY ALL'),
      await rows("SELECT name, value FROM duckdb_settings() WHERE name NOT LIKE '%memory%' ORDER BY ALL"),
      await rows('FROM parts ORDER BY ALL'),
      await rows('FROM sales.lines ORDER BY ALL'),
      await rows('FROM hidden ORDER BY ALL'),
    ]);

  test('refuses attacks and says how to write it instead', async () => {
    const report = await refusalReport(policy, attacks);
    expect(report.match(/.*\n    ALLOWED/g)).toBeNull();
    await expect(report).toMatchFileSnapshot('duckdb-refusals.txt');
  });

  test('lets harmless statements through, and DuckDB runs them', async () => {
    for (const sql of harmless) {
      const reader = await connection.runAndReadAll(await policy.admit(sql));
      expect(reader.columnCount).toBeGreaterThan(0);
    }
  });

  test('allows no function that DuckDB calls volatile, but for clocks, chance and names', async () => {
    const names = [...namesOf(duckdbFunctions)].map((name) => `'${name}'`).join(',');
    expect(
      await rows(
        `SELECT DISTINCT function_name FROM duckdb_functions() WHERE internal AND stability = 'VOLATILE' AND function_name IN (${names}) ORDER BY 1`,
      ),
    ).toEqual([['gen_random_uuid'], ['random'], ['uuid'], ['uuidv4'], ['uuidv7']]);
  });

  test('of mutated statements, what it lets through changes nothing in a database without any protection', async () => {
    const before = await dump();
    let passed = 0;
    let ran = 0;
    await fc.assert(
      fc.asyncProperty(mutatedStatements(harmless, fragments), async (sql) => {
        const verdict = await policy.judge(sql);
        if (!verdict.allowed) return;
        passed += 1;
        const timer = setTimeout(() => connection.interrupt(), 2_000);
        await connection.runAndReadUntil(verdict.sql, 1_000).then(
          () => (ran += 1),
          () => undefined,
        );
        clearTimeout(timer);
      }),
      { numRuns: fuzzRuns },
    );
    console.log(`DuckDB: of ${fuzzRuns} mutated statements ${passed} passed, ${ran} of them ran`);
    expect(ran).toBeGreaterThan(fuzzRuns / 50);
    expect(await dump()).toBe(before);
  });
});
