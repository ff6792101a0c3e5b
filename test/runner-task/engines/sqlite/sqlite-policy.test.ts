import { constants, DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addFunctions } from '../../../../runner-task/supervisor/engines/sqlite/add-functions.ts';
import { sqliteFunctions } from '../../../../runner-task/supervisor/engines/sqlite/policy/sqlite-functions.ts';
import { createSqlitePolicy } from '../../../../runner-task/supervisor/engines/sqlite/policy/sqlite-policy.ts';
import type { Policy } from '../../../../runner-task/supervisor/policy/statement-policy.ts';
import { fuzzRuns, mutatedStatements } from '../../policy/mutations.ts';
import { refusalReport } from '../../policy/refusal-report.ts';

const schema = `
  CREATE TABLE parts (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE, price REAL, doc JSON, made DATETIME);
  INSERT INTO parts SELECT value, 'part ' || value, value * 1.5, '{"k": [1, 2]}', '2024-02-03' FROM json_each('[1,2,3,4,5,6,7,8,9]');
  CREATE TABLE "2024.lines" (id INTEGER, part_id INTEGER); INSERT INTO "2024.lines" SELECT id, id % 3 FROM parts;
  CREATE TABLE hidden (secret TEXT); INSERT INTO hidden VALUES ('x'); CREATE VIEW of_hidden AS SELECT secret FROM hidden;
  CREATE VIRTUAL TABLE notes USING fts5(body); INSERT INTO notes VALUES ('hello'); CREATE VIEW of_notes AS SELECT body FROM notes;
  CREATE TRIGGER spoil AFTER INSERT ON parts BEGIN DELETE FROM hidden; END;`;

const attacks = {
  'several statements, or none': [
    'SELECT 1; SELECT 2',
    'COMMIT; DELETE FROM parts',
    '-- nothing',
    ' ; ',
    'SELECT 1 /* ; */ ; DROP TABLE parts',
    "SELECT ';' ; DELETE FROM parts",
    'SELECT [;] FROM parts; DELETE FROM parts',
    'EXPLAIN SELECT 1; SELECT 2',
    ';;DELETE FROM parts',
  ],
  'statements that are no queries': [
    'BEGIN',
    'BEGIN IMMEDIATE',
    'ROLLBACK',
    'SAVEPOINT a',
    'RELEASE a',
    'VACUUM',
    "VACUUM INTO '/tmp/spoilt'",
    'ANALYZE',
    'REINDEX',
    "ATTACH ':memory:' AS x",
    "ATTACH DATABASE 'file:/etc/passwd?mode=ro' AS x",
    'DETACH main',
    'CREATE TEMP TABLE t AS SELECT 1',
    'CREATE TEMP VIEW v AS SELECT secret FROM hidden',
    'CREATE TEMP TRIGGER t AFTER INSERT ON parts BEGIN SELECT 1; END',
    'CREATE VIRTUAL TABLE t USING fts5(x)',
    'CREATE INDEX i ON parts (name)',
    'INSERT INTO parts (id) VALUES (1)',
    'REPLACE INTO parts (id) VALUES (1)',
    'UPDATE parts SET price = 0',
    'DELETE FROM parts',
    'WITH x AS (SELECT 1) DELETE FROM parts',
    'WITH x AS (SELECT 1) INSERT INTO parts (id) SELECT * FROM x RETURNING id',
    'EXPLAIN DELETE FROM parts',
    'EXPLAIN QUERY PLAN DELETE FROM parts',
    'DROP TABLE parts',
    'ALTER TABLE parts RENAME TO things',
    '/* SELECT */ DROP TABLE parts',
    '.read /etc/passwd',
    "EXPLAIN ATTACH 'x' AS y",
  ],
  settings: [
    'PRAGMA writable_schema = ON',
    'PRAGMA writable_schema',
    'PRAGMA main.writable_schema(1)',
    'PRAGMA journal_mode = WAL',
    'PRAGMA query_only = OFF',
    'PRAGMA trusted_schema = ON',
    'PRAGMA user_version = 7',
    'PRAGMA application_id = 7',
    'PRAGMA schema_version = 7',
    'PRAGMA temp_store_directory = "/tmp"',
    'PRAGMA mmap_size = 1000000000',
    'PRAGMA wal_checkpoint(TRUNCATE)',
    'PRAGMA incremental_vacuum(1)',
    'PRAGMA optimize',
    'PRAGMA integrity_check',
    'PRAGMA database_list',
    'PRAGMA table_list',
    'PRAGMA function_list',
    'PRAGMA table_info',
    'EXPLAIN PRAGMA user_version = 7',
    'SELECT * FROM pragma_user_version',
    "SELECT * FROM pragma_wal_checkpoint('TRUNCATE')",
    'SELECT * FROM pragma_database_list',
    'SELECT * FROM pragma_table_list',
    "SELECT * FROM pragma_integrity_check('parts')",
  ],
  relations: [
    'SELECT * FROM hidden',
    'SELECT count(*) FROM hidden',
    'SELECT 1 FROM hidden',
    'SELECT * FROM main.hidden',
    'SELECT * FROM "HIDDEN"',
    "SELECT * FROM 'hidden'",
    'SELECT * FROM [hidden]',
    'SELECT * FROM parts WHERE EXISTS (SELECT 1 FROM hidden)',
    'SELECT (SELECT secret FROM hidden) FROM parts',
    'WITH parts AS (SELECT * FROM hidden) SELECT * FROM parts',
    'WITH of_hidden AS (SELECT * FROM hidden) SELECT * FROM of_hidden',
    'SELECT * FROM of_hidden',
    'SELECT * FROM temp.sqlite_schema',
    'SELECT * FROM sqlite_temp_master',
    'SELECT * FROM sqlite_sequence',
    'SELECT * FROM sqlite_stat1',
    'SELECT * FROM dbstat',
    'SELECT count(*) FROM dbstat',
    'SELECT * FROM no_such_table',
  ],
  'virtual tables': [
    'SELECT * FROM notes',
    'SELECT * FROM main."notes"',
    'SELECT * FROM NOTES',
    "SELECT body FROM notes WHERE notes MATCH 'hello'",
    "SELECT * FROM notes('hello')",
    'SELECT * FROM of_notes',
    'SELECT * FROM notes_data',
    'SELECT * FROM notes_config',
    "SELECT * FROM fts5vocab('main', 'notes', 'row')",
    'SELECT * FROM fts3tokenize',
    'SELECT count(*) FROM fts3tokenize',
    'SELECT * FROM rtree_i32',
    'SELECT * FROM parts p, ((notes))',
    'SELECT * FROM parts p JOIN main . [notes] ON 1',
    'SELECT * FROM parts WHERE id IN notes',
    "SELECT * FROM parts WHERE id NOT IN main.'notes'",
    'SELECT 1 FROM parts /* x */,--y\n`notes`',
    'SELECT 1 FROM \uFEFFnotes',
    'SELECT 1 FROM parts x\u00A0WHERE, notes',
    'SELECT 1 FROM parts l\u0131m\u0131t, notes',
    'SELECT 1 FROM parts a JOIN parts b ON percentile_cont(0.5) WITHIN GROUP (ORDER BY 1), notes',
    'SELECT (WITH notes AS (SELECT 1) SELECT 1), body FROM notes',
    'WITH notes AS (SELECT 1) SELECT * FROM main.notes',
    'WITH notes AS (SELECT * FROM main.notes) SELECT * FROM notes',
    'PRAGMA table_info(notes)',
    "PRAGMA table_xinfo = 'notes'",
    'EXPLAIN QUERY PLAN PRAGMA table_info(notes)',
    "SELECT * FROM pragma_table_xinfo('no' || 'tes')",
    "SELECT * FROM pragma_table_xinfo WHERE arg = 'no' || 'tes'",
    'SELECT * FROM parts, pragma_index_list(name)',
    "SELECT count(*) FROM pragma_foreign_key_list('parts')",
  ],
  functions: [
    "SELECT load_extension('/tmp/spoilt.so')",
    "SELECT load_extension('/tmp/spoilt.so', 'entry')",
    "SELECT fts3_tokenizer('simple')",
    "SELECT fts3_tokenizer('x', x'00')",
    'SELECT zeroblob(1000000000)',
    'SELECT randomblob(1000000000)',
    'SELECT hex(zeroblob(500000000))',
    'SELECT last_insert_rowid()',
    'SELECT changes(), total_changes()',
    "SELECT sqlite_log(1, 'x')",
    "SELECT sqlite_compileoption_used('X')",
    "SELECT rtreecheck('notes')",
    'SELECT geopoly_debug(1)',
    "SELECT readfile('/etc/passwd')",
    "SELECT writefile('/tmp/spoilt', 'x')",
    "SELECT edit('x')",
    "SELECT eval('DELETE FROM parts')",
    "SELECT * FROM parts ORDER BY load_extension('x')",
    'SELECT id FROM parts GROUP BY randomblob(9)',
  ],
};

const harmless = [
  'SELECT * FROM parts',
  "select count(*), sum(price) from main.parts where name like 'part%' -- a comment",
  'SELECT p.name, l.id FROM parts AS p LEFT JOIN "2024.lines" l ON l.part_id = p.id ORDER BY 1, 2 LIMIT 3 OFFSET 1',
  'WITH few AS (SELECT * FROM parts WHERE id < 5) SELECT count(*) FROM few',
  'WITH few(a) AS MATERIALIZED (SELECT id FROM parts) SELECT a FROM few UNION ALL SELECT 7',
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT i FROM n',
  "SELECT parts.id, json_extract(doc, '$.k[0]') AS k, doc ->> '$.k' FROM parts, json_each(doc, '$.k') WHERE name REGEXP '^part [1-3]$'",
  'SELECT name, row_number() OVER (PARTITION BY id % 2 ORDER BY price DESC) AS r FROM parts WINDOW w AS (ORDER BY id)',
  "SELECT strftime('%Y', made), date(made, '+1 day'), julianday('2024-01-01'), typeof(price) FROM parts",
  "SELECT CASE WHEN price > 3 THEN 'much' ELSE 'little' END AS how, count(*) FILTER (WHERE id > 2) FROM parts GROUP BY how HAVING count(*) > 1",
  'SELECT DISTINCT name COLLATE BINARY FROM parts EXCEPT SELECT NULL',
  "VALUES (1, 'a'), (2, 'b' || 'x')",
  'EXPLAIN QUERY PLAN SELECT * FROM parts WHERE id = 1',
  'PRAGMA table_xinfo("2024.lines")',
  "SELECT name AS notes, 'notes', json_array(parts.id) -- notes\nFROM parts WHERE name <> 'notes' ORDER BY notes",
  'WITH notes AS (SELECT id FROM parts) SELECT id FROM notes WHERE id IN notes',
  'WITH RECURSIVE notes(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM notes WHERE i < 9) SELECT i FROM notes',
  'SELECT name, type FROM sqlite_schema',
  "SELECT percentile_cont(price, 0.5), median(price), group_concat(name, ', ') FROM parts",
  "SELECT 'it''s; DELETE FROM parts', \"name\", [id], `price` FROM parts;",
  ' /* first */ SELECT 1 ; -- last',
];

const fragments = [
  ';', '--', '/*', '*/', "'", '"', '[', ']', '`', '(', ')', ',', '.', '\n', 'hidden', 'notes', 'of_hidden', 'of_notes', 'main.', 'temp.',
  'DELETE FROM parts', '; DELETE FROM parts', 'INSERT INTO parts (id) VALUES (99)', 'DROP TABLE parts', 'UPDATE parts SET price = 0',
  'ATTACH', 'PRAGMA', 'writable_schema = 1', 'INTO', 'RETURNING *', 'load_extension(1)', 'zeroblob(9)', 'WITH x AS (', 'x AS (SELECT 1)',
  'EXPLAIN ', 'sqlite_schema', 'pragma_user_version', '1e999', "x'00'", 'UNION SELECT secret FROM hidden',
]; // prettier-ignore

describe('the policy of SQLite', () => {
  let database: DatabaseSync;
  /** The same file’s twin, which nothing protects. */
  let open: DatabaseSync;
  let policy: Policy;
  beforeAll(() => {
    database = new DatabaseSync(':memory:');
    open = new DatabaseSync(':memory:');
    for (const one of [database, open]) {
      one.exec(schema);
      addFunctions(one);
    }
    policy = createSqlitePolicy({
      database,
      tables: ['parts', '"2024.lines"', 'of_hidden'].map((name) => ({ name, table: name.replaceAll('"', '') })),
      default_schema: 'main',
      unreadable: ['notes', 'of_notes'],
      names: ['parts', '2024.lines', 'hidden', 'of_hidden', 'notes', 'of_notes'],
    });
  });
  afterAll(() => {
    database.close();
    open.close();
  });

  const dump = (): string =>
    JSON.stringify(
      ['SELECT * FROM sqlite_schema', 'SELECT * FROM parts', 'SELECT * FROM "2024.lines"', 'SELECT * FROM hidden', 'SELECT * FROM notes', 'PRAGMA user_version', 'SELECT * FROM temp.sqlite_schema'].map((sql) => open.prepare(sql).all()),
    ); // prettier-ignore

  test('refuses attacks and says how to write it instead', async () => {
    const report = await refusalReport(policy, attacks);
    expect(report.match(/.*\n    ALLOWED/g)).toBeNull();
    await expect(report).toMatchFileSnapshot('sqlite-refusals.txt');
  });

  test('lets harmless statements through, and SQLite runs them under its eyes', async () => {
    for (const sql of harmless)
      expect([sql, database.prepare(await policy.admit(sql)).all().length > 0]).toEqual([sql, true]);
  });

  test('lets the functions of PRAGMA through where there is no virtual table', async () => {
    const plain = new DatabaseSync(':memory:');
    plain.exec('CREATE TABLE parts (id)');
    const names = ['parts'];
    const tables = names.map((name) => ({ name, table: name }));
    const its = createSqlitePolicy({ database: plain, tables, default_schema: 'main', unreadable: [], names });
    const sql = await its.admit("SELECT name FROM pragma_table_xinfo('parts')");
    expect(plain.prepare(sql).all()).toEqual([{ name: 'id' }]);
    plain.close();
  });

  test.each([
    ' '.repeat(10_000),
    '\r\n\t'.repeat(10_000),
    '/* x */ '.repeat(10_000),
    '-- x\n'.repeat(10_000),
    ';'.repeat(10_000),
    "''".repeat(10_000),
  ])('judges at once, however long what stands between two statements is', async (filling) => {
    const started = performance.now();
    for (const sql of [
      `select 1;\n${filling}select 2`,
      `${filling}select 1;${filling}select 2`,
      `select ${filling} from notes`,
    ])
      expect((await policy.judge(sql)).allowed).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('allows no function that answers differently each time, but for clocks and chance', () => {
    const deterministic = 0x800;
    const told = open
      .prepare("SELECT name, min(flags & ?) AS sure FROM pragma_function_list WHERE type = 's' GROUP BY name")
      .all(deterministic);
    const unsure = told.filter(({ name, sure }) => sqliteFunctions.has(String(name)) && sure === 0);
    expect(unsure.map(({ name }) => name)).toEqual([
      'current_date',
      'current_time',
      'current_timestamp',
      'random',
      'sqlite_version',
    ]);
  });

  test('of mutated statements, what it lets through changes nothing in a database without any protection', async () => {
    const before = dump();
    let [passed, ran] = [0, 0];
    // A query that names itself may have no end, and nothing can end it here.
    open.setAuthorizer((action) =>
      action === constants.SQLITE_RECURSIVE ? constants.SQLITE_DENY : constants.SQLITE_OK,
    );
    await fc.assert(
      fc.asyncProperty(mutatedStatements(harmless, fragments), async (sql) => {
        const verdict = await policy.judge(sql);
        if (!verdict.allowed) return;
        passed += 1;
        try {
          let rows = 0;
          for (const _ of open.prepare(verdict.sql).iterate()) if ((rows += 1) === 1_000) break;
          ran += 1;
        } catch {
          // What fails changes nothing either.
        }
      }),
      { numRuns: fuzzRuns },
    );
    console.log(`SQLite: of ${fuzzRuns} mutated statements ${passed} passed, ${ran} of them ran`);
    expect(ran).toBeGreaterThan(fuzzRuns / 50);
    expect(dump()).toBe(before);
  });
});
