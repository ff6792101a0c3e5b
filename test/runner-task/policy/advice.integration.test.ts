import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckdbFunctionAdvice } from '../../../runner-task/supervisor/engines/duckdb/policy/duckdb-functions.ts';
import { mysqlFunctionAdvice } from '../../../runner-task/supervisor/engines/mysql/policy/mysql-functions.ts';
import { postgresFunctionAdvice } from '../../../runner-task/supervisor/engines/postgres/policy/postgres-functions.ts';
import { refusalText } from '../../../runner-task/supervisor/policy/verdict.ts';
import type { Policy } from '../../../runner-task/supervisor/policy/statement-policy.ts';
import { openPolicy, policyEngines, type PolicyEngine } from './policies.ts';

/** What follows an advice, by what it says; none where it names nothing to write but what the writer has. */
type Followed = readonly (readonly [advice: RegExp, statements: readonly string[]])[];

/** Advice that is followed alike on every engine. */
const everywhere: Followed = [
  [/^The database is read-only: |^SELECT the rows; |^Compute it in a SELECT/, ['SELECT id, price * 2 FROM parts']],
  [
    /^Use WITH … AS \(…\) or a (subquery|window)/,
    [
      'WITH kept AS (SELECT id FROM parts) SELECT * FROM kept',
      'SELECT id FROM (SELECT id FROM parts) q',
      'SELECT id, ROW_NUMBER() OVER (ORDER BY id) FROM parts',
    ],
  ],
  [/^Send |^Write the query itself|^Write the value|^Each statement runs/, ['SELECT id FROM parts WHERE id = 1']],
  [
    /^Its tables are parts|^Did you mean parts|SELECT from (its|the) tables|by their names/,
    ['SELECT * FROM parts', 'SELECT * FROM totals'],
  ],
  [
    /(leave it|Leave it|Leave the clause|leave the clause) out|^The settings are fixed|^Write it without|^Close it|^Transactions are not/,
    [],
  ],
  [
    /^Use (the (built-in )?)?(functions|operators)|^Only the database of this run|^Take XML apart|^Write it (with plain|in a simpler)/,
    ['SELECT upper(name), round(price) FROM parts'],
  ],
  [/^Run the SELECT itself; plain EXPLAIN shows how tables are read/, ['SELECT * FROM totals', 'SELECT * FROM parts']],
];

const perEngine: Readonly<Record<PolicyEngine, Followed>> = {
  postgres: [
    [/plain EXPLAIN/, ['EXPLAIN SELECT * FROM parts']],
    [
      /^Use information_schema\.columns, pg_class/,
      ['information_schema.columns', 'pg_class', 'pg_attribute', 'pg_constraint', 'pg_index', 'pg_stats'].map(
        (name) => `SELECT * FROM ${name}`,
      ),
    ],
    [
      /^Those that explain results/,
      ['server_version', 'TimeZone', 'search_path', 'server_encoding'].flatMap((name) => [
        `SELECT current_setting('${name}')`,
        `SHOW ${name}`,
      ]),
    ],
    [
      /^Those are: /,
      ['timezone', 'datestyle', 'intervalstyle', 'lc_collate', 'statement_timeout'].map((name) => `SHOW ${name}`),
    ],
    [/^Cast to text/, ["SELECT id FROM parts WHERE name::text = 'x'"]],
    [/^If it is a column, write/, ['SELECT name FROM parts']],
    [/^Write schema\.table/, ['SELECT * FROM public.parts']],
    [/^Use percentile_cont/, ['SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price) FROM parts']],
    [/^Use TABLESAMPLE SYSTEM/, ['SELECT * FROM parts TABLESAMPLE SYSTEM (10)']],
    [/row_number\(\) OVER/, ['SELECT row_number() OVER (ORDER BY id) FROM parts']],
    [/^Use json_agg\(row\)/, ['SELECT json_agg(p) FROM parts p']],
    [/^Use unnest\(tsvector\)/, ['SELECT w.lexeme, count(*) FROM parts, unnest(to_tsvector(name)) w GROUP BY 1']],
    [/^Use count\(DISTINCT/, ['SELECT count(DISTINCT name) FROM parts']],
    [/^Use coalesce/, ["SELECT coalesce(name, '') FROM parts"]],
    [/sales\.lines/, []],
  ],
  mysql: [
    [/plain EXPLAIN/, ['EXPLAIN SELECT * FROM parts']],
    [
      /^Use information_schema\.tables, columns/,
      ['tables', 'columns', 'statistics', 'key_column_usage', 'table_constraints'].map(
        (name) => `SELECT * FROM information_schema.${name}`,
      ),
    ],
    [
      /^Use SHOW TABLES, SHOW COLUMNS/,
      [
        'SHOW TABLES',
        'SHOW COLUMNS FROM parts',
        'SHOW INDEX FROM parts',
        'SHOW CREATE TABLE parts',
        'SELECT * FROM information_schema.collations',
      ],
    ],
    [/^Use SHOW TABLES alone/, ['SHOW TABLES']],
    [/ROW_NUMBER\(\) OVER/, ['SELECT ROW_NUMBER() OVER (ORDER BY id) FROM parts']],
    [/^SELECT MIN\(…\)/, ['SELECT MIN(price), MAX(price), COUNT(DISTINCT price) FROM parts']],
    [/^Address tables of another schema/, ['SELECT * FROM app.parts']],
    [/^Use GROUP_CONCAT/, ["SELECT GROUP_CONCAT(name SEPARATOR ', '), JSON_ARRAYAGG(name) FROM parts"]],
    [
      /NTILE\(100\)/,
      ['SELECT b, MAX(price) FROM (SELECT price, NTILE(100) OVER (ORDER BY price) AS b FROM parts) q GROUP BY b'],
    ],
    [/^Use DATE_FORMAT/, ["SELECT DATE_FORMAT(made, '%Y-%m-01') FROM parts"]],
    [/^Count in the same statement/, ['SELECT COUNT(*) FROM (SELECT id FROM parts LIMIT 3) AS q']],
    [/sales\.my lines/, []],
  ],
  duckdb: [
    [/plain EXPLAIN/, ['EXPLAIN SELECT * FROM parts', 'EXPLAIN FROM parts']],
    [
      /^Name the values: PIVOT/,
      ["PIVOT parts ON name IN ('a', 'b') USING sum(price)", "SELECT sum(price) FILTER (WHERE name = 'a') FROM parts"],
    ],
    [/DESCRIBE table/, ['DESCRIBE parts', 'SELECT * FROM duckdb_columns()']],
    [/SUMMARIZE table/, ['SUMMARIZE parts']],
    [
      /^Use TABLESAMPLE … REPEATABLE/,
      [
        'SELECT * FROM parts TABLESAMPLE 10% (bernoulli, 5)',
        'SELECT * FROM parts TABLESAMPLE reservoir(2 ROWS) REPEATABLE (7)',
        'SELECT hash(name) FROM parts',
      ],
    ],
    [/row_number\(\) OVER/, ['SELECT row_number() OVER (ORDER BY id) FROM parts']],
    [/^Write schema\.table|^Address tables of another schema/, ['SELECT * FROM main.parts']],
    [/sales\.lines/, []],
  ],
  sqlite: [
    [/PRAGMA table_xinfo\(…\)/, ['PRAGMA table_xinfo(parts)', "PRAGMA table_xinfo('totals')"]],
    [/plain EXPLAIN/, ['EXPLAIN QUERY PLAN SELECT * FROM parts']],
    [/^Write FROM sqlite_schema/, ['SELECT name FROM sqlite_schema']],
    [/2024\.lines/, []],
  ],
};

const functionAdvice: Readonly<Record<PolicyEngine, readonly (readonly [RegExp, string])[]>> = {
  postgres: postgresFunctionAdvice,
  mysql: mysqlFunctionAdvice,
  duckdb: duckdbFunctionAdvice,
  sqlite: [],
};

/** Every advice of the refusals that are kept beside the tests of an engine, and of its list of functions. */
const adviceOf = (engine: PolicyEngine): readonly string[] => {
  const kept = readFileSync(new URL(`../engines/${engine}/${engine}-refusals.txt`, import.meta.url), 'utf8');
  const told = [...kept.matchAll(/^ {4}Rule "[^"]*": (?:[^.?]|[.?](?! [A-Z"]))*[.?] ([A-Z"].+)$/gm)].map(
    ([, advice = '']) => advice,
  );
  return [...new Set([...told, ...functionAdvice[engine].map(([, advice]) => advice)])];
};

describe.each(policyEngines)('what refusals of %s advise', (engine) => {
  const followed = [...perEngine[engine], ...everywhere];
  let policies: readonly Policy[];
  beforeAll(async () => {
    policies = [await openPolicy(engine, false), await openPolicy(engine, true)];
  });
  afterAll(() => policies.forEach((policy) => policy.close()));

  it('is known here, each of it', () => {
    expect(adviceOf(engine).length).toBeGreaterThan(3);
    expect(adviceOf(engine).filter((advice) => !followed.some(([known]) => known.test(advice)))).toEqual([]);
  });

  it.each(followed.flatMap(([advice, statements]) => statements.map((sql) => [sql, advice] as const)))(
    'leads to no other refusal: %s',
    async (sql) => {
      for (const policy of policies) {
        const verdict = await policy.judge(sql);
        expect([sql, verdict.allowed ? 'allowed' : refusalText(verdict)]).toEqual([sql, 'allowed']);
      }
    },
  );

  it('names no function that may not be called', async () => {
    const [whole] = policies;
    const refused: string[] = [];
    for (const advice of adviceOf(engine))
      for (const [, before = '', alone = before] of advice.matchAll(/\b([A-Za-z_]\w*)\(…\)|\b([a-z_]\w*)\(\)/g)) {
        if (['', 'PRAGMA', 'AS', 'table_xinfo', 'FROM', 'IN', 'OVER'].includes(alone)) continue;
        const asValue = await whole?.judge(`SELECT ${alone}(name) FROM parts`);
        const asTable = await whole?.judge(`SELECT * FROM ${alone}()`);
        const isRefused = [asValue, asTable].every((one) => one?.allowed === false && one.rule === 'functions');
        if (isRefused) refused.push(`${alone}: ${advice}`);
      }
    expect(refused).toEqual([]);
  });
});

/** Refusals whose advice depends on what was written: the advice is followed as it stands. */
const written: Readonly<Record<PolicyEngine, readonly (readonly [sql: string, advice: RegExp, followed: string])[]>> = {
  postgres: [
    ['SELECT * FROM part', /Did you mean parts\?/, 'SELECT * FROM parts'],
    ['SELECT pg_relation_size(16384)', /pg_relation_size\('table'\)/, "SELECT pg_relation_size('parts')"],
    ['SELECT pg_typeof(16384::regclass)', /'table'::regclass/, "SELECT 'parts'::regclass"],
    ["SELECT to_regclass('parts')", /to_regclass\(…\)::oid/, "SELECT to_regclass('parts')::oid"],
    ['EXPLAIN SELECT * FROM totals', /SELECT from it/, 'SELECT * FROM totals'],
    [
      'WITH pg_class AS (SELECT 1) SELECT * FROM pg_class, pg_catalog.pg_class c',
      /Give the query another name/,
      'WITH other AS (SELECT 1) SELECT * FROM other, pg_catalog.pg_class c',
    ],
    ['CALL spoil()', /compute what you need in a SELECT/, 'SELECT count(*) FROM parts'],
  ],
  mysql: [
    ['SELECT * FROM part', /Did you mean parts\?/, 'SELECT * FROM parts'],
    ['EXPLAIN SELECT * FROM totals', /SELECT from it/, 'SELECT * FROM totals'],
    ['SHOW CREATE TABLE totals', /Use DESCRIBE, or information_schema\.columns/, 'DESCRIBE totals'],
    [
      'SHOW TABLES WHERE 1',
      /SELECT … FROM information_schema\.tables WHERE/,
      'SELECT table_name FROM information_schema.tables WHERE 1',
    ],
    ['SHOW TABLES FROM mysql', /Use SHOW TABLES alone/, 'SHOW TABLES'],
    ['CALL p()', /compute what you need in a SELECT/, 'SELECT COUNT(*) FROM parts'],
  ],
  duckdb: [
    ['SELECT * FROM part', /Did you mean parts\?/, 'SELECT * FROM parts'],
    ['EXPLAIN SELECT * FROM totals', /SELECT from it/, 'SELECT * FROM totals'],
    ['SELECT * FROM (SHOW TABLES)', /Use duckdb_tables\(\)/, 'SELECT * FROM duckdb_tables()'],
    ['SELECT pg_get_viewdef(5)', /Use duckdb_constraints\(\)/, 'SELECT * FROM duckdb_constraints()'],
    ['CALL pragma_version()', /compute what you need in a SELECT/, 'SELECT count(*) FROM parts'],
  ],
  sqlite: [
    ['SELECT * FROM part', /Did you mean parts\?/, 'SELECT * FROM parts'],
    ['EXPLAIN SELECT * FROM totals', /SELECT from it/, 'SELECT * FROM totals'],
  ],
};

describe.each(policyEngines)('what a refusal of %s advises of what was written, in a run of some tables', (engine) => {
  let policy: Policy;
  beforeAll(async () => {
    policy = await openPolicy(engine, true);
  });
  afterAll(() => policy.close());

  it.each(written[engine])('%s', async (sql, advice, instead) => {
    const refused = await policy.judge(sql);
    expect(refused.allowed ? 'allowed' : refusalText(refused)).toMatch(advice);
    const second = await policy.judge(instead);
    expect(second.allowed ? 'allowed' : refusalText(second)).toBe('allowed');
  });
});
