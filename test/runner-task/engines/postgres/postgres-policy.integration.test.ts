import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isMissing } from '../../../support/is-missing.ts';
import { createPostgresPolicy } from '../../../../runner-task/supervisor/engines/postgres/policy/postgres-policy.ts';
import { noOwnNames } from '../../../../runner-task/supervisor/engines/postgres/policy/own-names.ts';
import type { Policy } from '../../../../runner-task/supervisor/policy/statement-policy.ts';
import { postgresFunctions } from '../../../../runner-task/supervisor/engines/postgres/policy/postgres-functions.ts';
import { namesOf } from '../../../../runner-task/supervisor/policy/name-groups.ts';
import { startPostgres, type PostgresServer } from '../../../support/postgres-server.ts';
import { fuzzRuns, mutatedStatements } from '../../policy/mutations.ts';
import { refusalReport } from '../../policy/refusal-report.ts';

const schema = `
  CREATE SCHEMA sales; CREATE TYPE mood AS ENUM ('good', 'bad');
  CREATE TABLE parts (id int PRIMARY KEY, name text, price numeric, tags text[], doc jsonb, made timestamptz, mood mood);
  INSERT INTO parts SELECT i, 'part ' || i, i * 1.5, ARRAY['a','b'], '{"k": 1}', now(), 'good' FROM generate_series(1, 50) i;
  CREATE TABLE sales.lines (id serial PRIMARY KEY, part_id int REFERENCES parts, quantity int);
  INSERT INTO sales.lines (part_id, quantity) SELECT 1 + i % 50, i FROM generate_series(1, 80) i;
  CREATE TABLE hidden (secret text); INSERT INTO hidden VALUES ('x'); CREATE SEQUENCE numbers;
  CREATE FUNCTION spoil(int) RETURNS int LANGUAGE sql AS 'INSERT INTO hidden VALUES (''spoilt''); SELECT 1';
  CREATE FUNCTION upper(int) RETURNS int LANGUAGE sql AS 'INSERT INTO hidden VALUES (''spoilt''); SELECT 1';
  CREATE FUNCTION of_row(parts) RETURNS int LANGUAGE sql AS 'INSERT INTO hidden VALUES (''spoilt''); SELECT 1';
  CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4pl);`;

const attacks = {
  'several statements, or none': [
    'SELECT 1; SELECT 2',
    'ROLLBACK; DELETE FROM parts',
    '-- nothing',
    ' ; ',
    'SELECT $x$ ; $x$; DROP TABLE parts',
  ],
  'statements that are no queries': [
    'BEGIN',
    'RESET ALL',
    'LISTEN a',
    'VACUUM',
    'DO $$ BEGIN END $$',
    'CALL f()',
    "COPY parts TO PROGRAM 'sh'",
    'LOCK parts',
    'EXECUTE q',
    'CREATE TEMP TABLE t AS SELECT 1',
    'TRUNCATE parts',
    'GRANT ALL ON parts TO public',
    'DECLARE c CURSOR FOR SELECT 1',
    'CHECKPOINT',
    "LOAD 'x'",
  ],
  'queries that write or lock': [
    'WITH x AS (DELETE FROM parts RETURNING *) TABLE x',
    'SELECT * INTO copied FROM parts',
    'TABLE parts FOR UPDATE',
    'SELECT (SELECT 1 FROM parts FOR NO KEY UPDATE)',
    'EXPLAIN ANALYZE SELECT 1',
    'EXPLAIN (ANALYZE false) SELECT 1',
    'EXPLAIN (SETTINGS) SELECT 1',
    'EXPLAIN CREATE TABLE x AS SELECT 1',
  ],
  relations: [
    'TABLE hidden',
    'TABLE public.hidden',
    'TABLE lines',
    'TABLE pg_authid',
    'TABLE pg_catalog.pg_proc',
    'TABLE information_schema.user_mapping_options',
    'TABLE other.public.parts',
    'SELECT * FROM (WITH hidden AS (SELECT 1) TABLE hidden) a, hidden',
    'WITH pg_shadow AS (SELECT * FROM pg_shadow) TABLE pg_shadow',
    'TABLE part',
    'SHOW config_file',
    'SHOW ALL',
  ],
  functions: [
    'SELECT pg_sleep(1)',
    'SELECT (0.1::float8).pg_sleep',
    'SELECT a.pg_sleep FROM parts a',
    "SELECT nextval('numbers')",
    "SELECT set_config('a.b', 'c', false)",
    'SELECT spoil(1)',
    'SELECT public.spoil(1)',
    'SELECT of_row(p) FROM parts p',
    'SELECT p.of_row FROM parts p',
    'SELECT (p).of_row FROM parts p',
    'SELECT * FROM pg_ls_dir($$.$$)',
    'SELECT lo_from_bytea(0, $$a$$)',
    "SELECT xpath('/', query_to_xml('SELECT 1', true, true, ''))",
    'SELECT pg_notify($$a$$, $$b$$)',
    'SELECT current_user',
    "SELECT current_setting('data_directory')",
    "SELECT current_setting('data_' || 'directory')",
    "SELECT public.current_setting('server_version')",
    'SELECT txid_current()',
    'SELECT 1 ORDER BY pg_advisory_lock(1)',
    'SELECT count(*) OVER (ORDER BY pg_sleep(1)) FROM parts',
    'SELECT * FROM parts TABLESAMPLE evil(1)',
    'SELECT * FROM parts LIMIT pg_sleep(1)',
    'SELECT * FROM ROWS FROM (generate_series(1,2), pg_ls_waldir()) x',
    'SELECT U&"pg_sl\\0065ep"(1)',
    'SELECT median(id) FROM parts',
  ],
  'operators and types': [
    'SELECT 1 === 1',
    'SELECT 1 OPERATOR(public.+) 1',
    'SELECT id FROM parts ORDER BY id USING ===',
    "SELECT 'good'::mood",
    "SELECT CAST('a' AS public.mood)",
    "SELECT 'a'::regrole",
    'SELECT 1 === ANY (ARRAY[1])',
  ],
  other: [
    'SELECT $1',
    `SELECT '${'x'.repeat(100_000)}'`.slice(0, 30) + '…',
    'SELECT 1 FROM',
    `SELECT ${'('.repeat(20_000)}`.slice(0, 20),
  ],
};

const harmless = [
  'SELECT name, count(*) FROM parts GROUP BY ROLLUP (name) HAVING count(*) > 0 ORDER BY 2 DESC NULLS LAST LIMIT 3 OFFSET 1',
  'SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY price), percentile_disc(0.5) WITHIN GROUP (ORDER BY price), mode() WITHIN GROUP (ORDER BY name) FROM parts',
  'SELECT width_bucket(price, 0, 100, 10) AS bin, count(*) FILTER (WHERE price > 3) FROM parts TABLESAMPLE SYSTEM (50) REPEATABLE (1) GROUP BY bin',
  "SELECT regexp_replace(name, '\\d+', '#', 'g'), name ~* '^P', name SIMILAR TO 'p%', substring(name FROM 2 FOR 3), extract(year FROM made), made AT TIME ZONE 'UTC', now() - INTERVAL '1 day' FROM parts",
  "SELECT p.id, l.n FROM parts p CROSS JOIN LATERAL (SELECT count(*) AS n FROM sales.lines WHERE part_id = p.id) l WHERE p.id BETWEEN 1 AND 9 AND p.name IN ('a', 'part 2') IS NOT TRUE",
  'WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT sum(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM r',
  "SELECT doc->>'k', doc @> '{}', jsonb_build_object('a', id), e.key FROM parts, jsonb_each(doc) e, unnest(tags) WITH ORDINALITY u(tag, at) WHERE doc ? 'k' AND 'a' = ANY (tags)",
  'SELECT (x).key, (tags)[1], tags[1:2], ROW(1, 2) = (1, 2), COALESCE(name, $$?$$), NULLIF(id, 1), GREATEST(1, id), CASE WHEN id > 1 THEN 1 END FROM parts, jsonb_each(doc) x',
  'SELECT s.attname, s.n_distinct, c.reltuples::bigint, format_type(a.atttypid, a.atttypmod) FROM pg_stats s, pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid WHERE c.oid = $$parts$$::regclass',
  "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema AND table_name = 'parts'",
  'SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint',
  'EXPLAIN (VERBOSE, FORMAT json) SELECT * FROM parts',
  'SHOW TimeZone',
  "SELECT version(), current_setting('server_version'), current_setting('TimeZone', true), has_table_privilege('parts', 'SELECT'), pg_size_pretty(pg_database_size(current_database()))",
  'VALUES (1, 2), (3, 4);',
  'TABLE parts',
  'SELECT date_trunc($$month$$, made), to_char(made, $$YYYY-MM$$), count(*) FROM parts GROUP BY 1, 2',
  "SELECT pg_catalog.upper('a'), 'good' = mood, name COLLATE \"C\" FROM parts /* pg_sleep(1) */ -- DROP",
  'SELECT id FROM parts EXCEPT SELECT part_id FROM sales.lines INTERSECT (SELECT 1)',
  "SELECT string_agg(DISTINCT name, ', ' ORDER BY name), array_agg(id), corr(id, price), stddev_samp(price) FROM parts",
  'SELECT upper(name), \'a\' AS x FROM ONLY parts, LATERAL (SELECT U&"\\0069d" FROM "parts" p) AS "é"',
  'SELECT DISTINCT ON (name) *, lag(id, 1) OVER w FROM parts WINDOW w AS (PARTITION BY name ORDER BY id)',
];

const fragments = [
  ';',
  '; DROP TABLE hidden',
  "nextval('numbers')",
  'spoil(1)',
  'public.',
  'hidden',
  'pg_authid',
  ' INTO spoilt ',
  ' FOR UPDATE ',
  '--',
  '/*',
  '*/',
  "'",
  '"',
  '$$',
  "E'\\'",
  'WITH x AS (DELETE FROM hidden RETURNING 1) ',
  'EXPLAIN ANALYZE ',
  "(SELECT set_config('search_path', 'sales', false))",
  'pg_advisory_lock(7)',
  "lo_from_bytea(0, 'a')",
  '(',
  ')',
  ',',
  ' UNION ALL ',
  'upper',
  '.of_row',
  'OPERATOR(public.===)',
  '\\',
  'U&"sp\\006fil"(1)',
  'parts',
  'id',
  ' NULL ',
  'pg_notify($$a$$,$$b$$)',
  "query_to_xml('DELETE FROM hidden', true, true, '')",
  '::mood',
  ' LIMIT 1 ',
  'CREATE TABLE spoilt AS ',
  'BEGIN; ',
];

describe.skipIf(isMissing('postgres'))('the policy of PostgreSQL', () => {
  let server: PostgresServer;
  let policy: Policy;
  beforeAll(async () => {
    server = await startPostgres();
    await server.run(schema);
    policy = createPostgresPolicy({
      tables: [
        { name: 'parts', schema: 'public', table: 'parts' },
        { name: 'sales.lines', schema: 'sales', table: 'lines' },
      ],
      default_schema: 'public',
      own: {
        ...noOwnNames,
        functions: ['spoil', 'upper', 'of_row'].map((name) => ({
          schema: 'public',
          name,
          computes: false,
          captures: true,
          of_one: true,
          of_rows: name === 'of_row',
        })),
      },
    });
  });
  afterAll(async () => {
    policy.close();
    await server.stop();
  });

  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: server.url() });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(`SET statement_timeout = '2s'`);
    return client;
  };
  const dump = (): string =>
    execFileSync('/usr/lib/postgresql/15/bin/pg_dump', ['--no-owner', server.url()], { encoding: 'utf8' }).replaceAll(
      /^\\(?:un)?restrict .*$/gm,
      '',
    );

  test('refuses attacks and says how to write it instead', async () => {
    const report = await refusalReport(policy, attacks);
    expect(report.match(/.*\n    ALLOWED/g)).toBeNull();
    await expect(report).toMatchFileSnapshot('postgres-refusals.txt');
  });

  test('lets harmless statements through, and the server runs them', async () => {
    const client = await connect();
    try {
      for (const sql of harmless) {
        const { fields } = await client.query(await policy.admit(sql));
        expect(fields.length).toBeGreaterThan(0);
      }
    } finally {
      await client.end();
    }
  });

  test('refuses what is too long, holds a NUL or is nested too deeply, and goes on', async () => {
    const rule = async (sql: string): Promise<string> => {
      const verdict = await policy.judge(sql);
      return verdict.allowed ? 'allowed' : verdict.rule;
    };
    expect(await rule(`SELECT '${'x'.repeat(200_000)}'`)).toBe('size');
    expect(await rule('SELECT 1\0; DROP TABLE parts')).toBe('no NUL');
    expect(await rule("SELECT '\ud800'")).toBe('whole characters');
    expect(await rule(`SELECT ${'1+'.repeat(40_000)}1`)).toMatch(/nesting|parsing/);
    expect(await rule(`SELECT ${'('.repeat(40_000)}1${')'.repeat(40_000)}`)).toMatch(/nesting|parsing/);
    // Each of them costs the parser its thread; the next one has a new one.
    for (let i = 0; i < 4; i += 1) expect(await rule(`SELECT ${'1+'.repeat(12_000)}1`)).not.toBe('allowed');
    expect(await rule('SELECT 1')).toBe('allowed');
  });

  test('allows no function that the server calls volatile, but for clocks and chance', async () => {
    const client = await connect();
    try {
      const { rows } = await client.query<{ name: string }>(
        `SELECT DISTINCT proname AS name FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND provolatile = 'v' AND proname = ANY ($1) ORDER BY 1`,
        [[...namesOf(postgresFunctions)]],
      );
      expect(rows.map(({ name }) => name)).toEqual([
        'clock_timestamp',
        'gen_random_uuid',
        'pg_database_size',
        'pg_indexes_size',
        'pg_is_in_recovery',
        'pg_relation_size',
        'pg_table_size',
        'pg_total_relation_size',
        'random',
        'timeofday',
      ]);
    } finally {
      await client.end();
    }
  });

  test('refuses every volatile function of one argument as if it were a column', async () => {
    const client = await connect();
    try {
      const { rows } = await client.query<{ name: string }>(
        `SELECT DISTINCT proname AS name FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND provolatile = 'v' AND pronargs - pronargdefaults <= 1 AND pronargs > 0
           AND prorettype <> 'trigger'::regtype AND NOT 'internal'::regtype = ANY (proargtypes::regtype[]) AND NOT proname = ANY ($1)`,
        [[...namesOf(postgresFunctions)]],
      );
      expect(rows.length).toBeGreaterThan(30);
      const called: string[] = [];
      for (const { name } of rows) {
        if ((await policy.judge(`SELECT (id).${name} FROM parts`)).allowed) called.push(name);
      }
      expect(called).toEqual([]);
    } finally {
      await client.end();
    }
  });

  test('of mutated statements, what it lets through changes nothing on a server without any protection', async () => {
    const before = dump();
    const client = await connect();
    let passed = 0;
    let ran = 0;
    try {
      await fc.assert(
        fc.asyncProperty(mutatedStatements(harmless, fragments), async (sql) => {
          const verdict = await policy.judge(sql);
          if (!verdict.allowed) return;
          passed += 1;
          await client.query(verdict.sql).then(
            () => (ran += 1),
            () => undefined,
          );
        }),
        { numRuns: fuzzRuns },
      );
      const { rows } = await client.query(
        `SELECT (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') AS locks, current_setting('search_path') AS path`,
      );
      expect(rows).toEqual([{ locks: '0', path: '"$user", public' }]);
    } finally {
      await client.end();
    }
    console.log(`PostgreSQL: of ${fuzzRuns} mutated statements ${passed} passed, ${ran} of them ran`);
    expect(ran).toBeGreaterThan(fuzzRuns / 50);
    expect(dump()).toBe(before);
  });
});
