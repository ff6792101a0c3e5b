import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { openSqlite } from '../../../../runner-task/supervisor/engines/sqlite/open-sqlite.ts';
import { Failure } from '../../../../src/contracts/failure.ts';
import { profileWith } from '../../../domain/profile/profile-with.ts';
import { makeSqliteFile, type SqliteFile } from '../../../support/sqlite-file.ts';

const limits = { rows: 1_000, bytes: 1_000_000, seconds: 20 };

let file: SqliteFile;
const engines: OpenEngine[] = [];
beforeEach(() => {
  file = makeSqliteFile();
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  file.remove();
});

const open = async (path = file.path): Promise<OpenEngine> => {
  const bounds = { memory_bytes: 256 * 1024 * 1024, spill_folder: join(file.folder, 'spill'), python: 'none' };
  const engine = await openSqlite({ engine: 'sqlite', path }, bounds);
  engines.push(engine);
  return engine;
};
const rowsOf = async (engine: OpenEngine, sql: string): Promise<unknown> => (await engine.run(sql, limits)).values;
const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof Failure) return outcome;
  throw new Error(`expected a Failure, got ${String(outcome)}`);
};
/** Every file of the database’s folder with its bytes. */
const folderOf = (folder: string): unknown =>
  readdirSync(folder)
    .filter((name) => name !== 'spill')
    .map((name) => [
      name,
      statSync(join(folder, name)).isFile()
        ? createHash('sha256')
            .update(readFileSync(join(folder, name)))
            .digest('hex')
        : 'folder',
    ]);

describe('a file of SQLite', () => {
  it('is read while others write to it, and nothing is written beside it', async () => {
    file.write('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
    const before = folderOf(file.folder);
    const engine = await open();
    expect(await rowsOf(engine, 'SELECT a FROM t')).toEqual([[1]]);
    expect(folderOf(file.folder)).toEqual(before);
    file.write('INSERT INTO t VALUES (2)');
    expect(await rowsOf(engine, 'SELECT a FROM t')).toEqual([[1, 2]]);
    expect(readdirSync(file.folder)).toEqual(['test.sqlite']);
  });

  it('with an empty write-ahead log is read in place, and anew when somebody has written', async () => {
    file.write('PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)');
    const before = folderOf(file.folder);
    const engine = await open();
    expect(await rowsOf(engine, 'SELECT a FROM t')).toEqual([[1]]);
    expect(folderOf(file.folder)).toEqual(before);
    file.write('INSERT INTO t VALUES (2)');
    expect(await rowsOf(engine, 'SELECT a FROM t')).toEqual([[1, 2]]);
  });

  it('with changes in its write-ahead log is read with them, from a copy', async () => {
    const writer = new DatabaseSync(file.path);
    writer.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)');
    const before = folderOf(file.folder);
    const engine = await open();
    expect(await rowsOf(engine, 'SELECT a FROM t')).toEqual([[1]]);
    expect(folderOf(file.folder)).toEqual(before);
    expect(readdirSync(join(file.folder, 'spill'))).toHaveLength(1);
    await engine.close();
    engines.length = 0;
    expect(readdirSync(join(file.folder, 'spill'))).toEqual([]);
    writer.close();
  });

  it('that a crash left with a journal is read as it was before, from a copy', async () => {
    file.write("CREATE TABLE t (a); INSERT INTO t SELECT value FROM json_each('[1,2,3]')");
    const writer = new DatabaseSync(file.path);
    writer.exec(
      'PRAGMA cache_size = 1; PRAGMA cache_spill = 1; CREATE TABLE filled (x); BEGIN; UPDATE t SET a = a + 100',
    );
    writer.exec(
      'INSERT INTO filled WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) SELECT hex(zeroblob(500)) FROM n',
    );
    const crashed = join(file.folder, 'crashed');
    mkdirSync(crashed);
    for (const ending of ['', '-journal']) copyFileSync(file.path + ending, join(crashed, `c.sqlite${ending}`));
    expect((await failureOf(open())).message).toMatch(/is locked: another process/);
    symlinkSync(join(crashed, 'c.sqlite'), join(file.folder, 'to-crashed.sqlite'));
    writer.exec('ROLLBACK');
    writer.close();
    const before = folderOf(crashed);
    const engine = await open(join(crashed, 'c.sqlite'));
    expect(await rowsOf(engine, 'SELECT a FROM t')).toEqual([[1, 2, 3]]);
    const linked = await open(join(file.folder, 'to-crashed.sqlite'));
    expect(await rowsOf(linked, 'SELECT a FROM t')).toEqual([[1, 2, 3]]);
    expect(folderOf(crashed)).toEqual(before);
  });

  it('that a link leads to is read with the log beside the file itself', async () => {
    const links = join(file.folder, 'links');
    mkdirSync(links);
    symlinkSync(file.path, join(links, 'one'));
    symlinkSync(join(links, 'one'), join(links, 'two.sqlite'));
    const writer = new DatabaseSync(file.path);
    writer.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)');
    expect(await rowsOf(await open(join(links, 'two.sqlite')), 'SELECT a FROM t')).toEqual([[1]]);
    writer.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const inPlace = await open(join(links, 'two.sqlite'));
    writer.exec('INSERT INTO t VALUES (2)');
    expect(await rowsOf(inPlace, 'SELECT a FROM t')).toEqual([[1, 2]]);
    writer.close();
  });

  it('that is a pipe, or has one beside it, is refused at once', async () => {
    file.write('CREATE TABLE t (a)');
    const pipe = join(file.folder, 'pipe.sqlite');
    execFileSync('mkfifo', [pipe]);
    expect((await failureOf(open(pipe))).message).toMatch(/is a pipe or a device/);
    for (const ending of ['-journal', '-wal']) {
      const path = join(file.folder, `beside${ending}.sqlite`);
      copyFileSync(file.path, path);
      execFileSync('mkfifo', [path + ending]);
      expect((await failureOf(open(path))).message).toMatch(new RegExp(`${ending} is not a regular file`));
    }
  });

  it('that is none, or damaged, or missing, is told as that', async () => {
    const path = (name: string, content: string | Buffer): string => {
      writeFileSync(join(file.folder, name), content);
      return join(file.folder, name);
    };
    const kinds = [
      [path('a.csv', 'id\n1\n'), /is not a SQLite database file\. For a data file \(CSV/],
      [path('empty.sqlite', ''), /is not a SQLite database file/],
      [path('short.sqlite', 'SQLite format 3\0 and no more'), /is damaged/],
      [path('a.duckdb', `12345678DUCK${'\0'.repeat(100)}`), /write duckdb:\/\//],
      [join(file.folder, 'none.sqlite'), /there is no such file/],
      [file.folder, /is a folder/],
      ['relative.sqlite', /is relative/],
    ] as const;
    for (const [at, message] of kinds) expect((await failureOf(open(at))).message).toMatch(message);
    file.write(
      'CREATE TABLE t (a); INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9000) SELECT i FROM n',
    );
    const engine = await open(path('torn.sqlite', readFileSync(file.path).fill(7, 8_192, 40_000)));
    expect((await failureOf(engine.run('SELECT sum(a) FROM t', limits))).message).toMatch(
      /The file is damaged where the statement reads it/,
    );
  });

  it('whose schema was made to do harm does none', async () => {
    file.write(`
      CREATE TABLE t (a, b GENERATED ALWAYS AS (a * 2)); INSERT INTO t (a) VALUES (1);
      CREATE VIEW of_extension AS SELECT load_extension('/tmp/x.so') AS a; CREATE VIEW of_blob AS SELECT zeroblob(900000000) AS a;
      CREATE VIEW broken AS SELECT * FROM gone; CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;
      CREATE VIRTUAL TABLE search USING fts5(words); INSERT INTO search VALUES ('x'); CREATE VIEW of_search AS SELECT * FROM search;
      CREATE VIEW of_view AS SELECT 1 AS one FROM of_search; CREATE VIRTUAL TABLE box USING rtree(id, a, b);
      CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM t; END; CREATE TABLE "select" ("order by" TEXT, "a""b" REAL, "x.y" INTEGER);`);
    const before = folderOf(file.folder);
    const engine = await open();
    const { schema } = engine.opened;
    expect(schema.tables.map(({ name, columns }) => [name, columns.length])).toEqual([
      ['select', 3],
      ['t', 2],
      ['broken', 0],
      ['endless', 1],
      ['of_blob', 1],
      // It calls what a schema may not, so not even its columns are known.
      ['of_extension', 0],
    ]);
    const part = (module: string, name: string, ending: string): string =>
      `${name}_${ending}: The module ${module} keeps data of the virtual table ${name} here: not measured.`;
    expect(schema.not_visible.map(({ name, detail }) => `${name}: ${detail}`)).toEqual([
      'box: A virtual table of the module rtree: it is computed by an extension, and not measured.',
      ...['node', 'parent', 'rowid'].map((ending) => part('rtree', 'box', ending)),
      'search: A virtual table of the module fts5: it is computed by an extension, and not measured.',
      ...['config', 'content', 'data', 'docsize', 'idx'].map((ending) => part('fts5', 'search', ending)),
      'of_search: A view of a virtual table, which is not measured either.',
      'of_view: A view of a virtual table, which is not measured either.',
    ]);
    expect(await rowsOf(engine, 'SELECT a, b FROM t')).toEqual([[1], [2]]);
    for (const view of ['of_extension', 'of_blob', 'broken', 'of_search', 'of_view'])
      expect((await failureOf(engine.run(`SELECT * FROM ${view}`, limits))).kind).toMatch(/STATEMENT_(REFUSED|FAILED)/);
    expect((await engine.run('SELECT i FROM endless', { ...limits, rows: 5 })).truncated).toBe(true);
    expect(folderOf(file.folder)).toEqual(before);
  });

  it('hides of the tables named like a virtual one those alone that its module makes', async () => {
    file.write(`
      CREATE VIRTUAL TABLE search USING fts5(words); CREATE TABLE search_parent (a); CREATE TABLE search_node (a);
      CREATE VIRTUAL TABLE box USING rtree(id, a, b); CREATE TABLE box_content (a); CREATE TABLE box_data (a);
      CREATE TABLE texts (id INTEGER PRIMARY KEY, words); CREATE TABLE of_texts_content (a); CREATE VIRTUAL TABLE of_texts USING fts5(words, content = 'texts', content_rowid = 'id');
      CREATE VIRTUAL TABLE old USING fts4(words); CREATE TABLE old_idx (a);`);
    const { tables, not_visible } = (await open()).opened.schema;
    expect(tables.map(({ name }) => name)).toEqual([
      'box_content',
      'box_data',
      'of_texts_content',
      'old_idx',
      'search_node',
      'search_parent',
      'texts',
    ]);
    const all = new DatabaseSync(file.path)
      .prepare("SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table'")
      .get();
    expect(tables.length + not_visible.length).toBe(all?.['n']);
  });

  it('has tables that are read whatever a virtual one is called', async () => {
    file.write(`
      CREATE VIRTUAL TABLE body USING fts5(x); CREATE VIRTUAL TABLE source USING fts5(y); CREATE VIRTUAL TABLE rows USING fts5(z);
      CREATE TABLE t (body TEXT, source TEXT, rows INTEGER); INSERT INTO t VALUES ('a', 'b', 1), ('c', NULL, 2);
      CREATE VIEW v AS SELECT body, t.source FROM t WHERE rows = 2; CREATE VIEW of_body AS SELECT 1 FROM t JOIN body;`);
    const engine = await open();
    expect(engine.opened.schema.tables.map(({ name }) => name)).toEqual(['t', 'v']);
    for (const schema of engine.opened.schema.tables) {
      const { columns } = await profileWith('sqlite', schema, (sql) => engine.run(sql, { ...limits, rows: 100_000 }));
      expect(columns[0]).toMatchObject({ name: 'body', nulls: { count: 0 } });
    }
    for (const sql of ['SELECT * FROM body', 'SELECT * FROM of_body'])
      expect((await failureOf(engine.run(sql, limits))).kind).toBe('STATEMENT_REFUSED');
  });

  it('that says that a virtual table has a page has it as a virtual one all the same', async () => {
    file.write('CREATE TABLE t (a); CREATE VIRTUAL TABLE search USING fts5(words)');
    const forger = new DatabaseSync(file.path, { defensive: false });
    forger.exec("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'search'");
    forger.close();
    const { tables, not_visible } = (await open()).opened.schema;
    expect(tables.map(({ name }) => name)).toEqual(['t']);
    expect(not_visible.map(({ name }) => name)).toContain('search');
  });

  it('tells keys as they are declared: of rowids, without them, by expression and in part', async () => {
    file.write(`
      CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT UNIQUE, y TEXT, UNIQUE (y, x)); CREATE UNIQUE INDEX part ON a (y) WHERE x > 'm'; CREATE UNIQUE INDEX lowered ON a (lower(y));
      CREATE TABLE b (p TEXT, q TEXT, PRIMARY KEY (q, p)) WITHOUT ROWID; CREATE TABLE c (k TEXT PRIMARY KEY, a_id REFERENCES a, p, q, FOREIGN KEY (q, p) REFERENCES b (q, p), FOREIGN KEY (a_id) REFERENCES gone);`);
    const { tables } = (await open()).opened.schema;
    expect(
      tables.map(({ name, constraints }) => [
        name,
        constraints.map(({ kind, columns, references }) =>
          [kind, columns.join(), references && `${references.table}(${references.columns.join()})`].join(' ').trim(),
        ),
      ]),
    ).toEqual([
      ['a', ['primary_key id', 'unique x', 'unique y,x']],
      ['b', ['primary_key q,p']],
      ['c', ['primary_key k', 'foreign_key a_id a(id)', 'foreign_key q,p b(q,p)', 'foreign_key a_id gone()']],
    ]);
    expect(
      tables.flatMap(({ columns }) => columns.filter(({ nullable }) => !nullable).map(({ name }) => name)),
    ).toEqual(['id', 'p', 'q']);
  });
});

describe('a table of SQLite, whose columns keep to no type', () => {
  const profileOf = async (setup: string) => {
    file.write(setup);
    const engine = await open();
    const schema = engine.opened.schema.tables[0];
    if (schema === undefined) throw new Error('There is no table.');
    const { columns } = await profileWith('sqlite', schema, (sql) =>
      engine.run(sql, { ...limits, bytes: 32_000_000, rows: 100_000 }),
    );
    return Object.fromEntries(columns.map((column) => [column.name, column]));
  };

  it('is measured by what its values are', async () => {
    const columns = await profileOf(`
      CREATE TABLE t (number INTEGER, mostly_text INTEGER, anything, bytes TEXT, flag BOOLEAN, uuid UUID);
      INSERT INTO t VALUES (1, 'a', 1.5, x'00', 1, 'u1'), (2, 'b', 2, x'01', 0, 'u2'), ('three', 3, 'x', x'02', 1, 'u3'), (9e999, 'c', NULL, x'03', NULL, 'u4'), (x'ff', 'd', 3, NULL, 0, 'u5'), (NULL, 'e', 4, NULL, 1, 'u6');`);
    expect(columns['number']).toMatchObject({
      kind: 'number',
      nulls: { count: 1 },
      distinct: { count: 5 },
      range: { min: 1, max: 2 },
      moments: { mean: 1.5 },
      signs: { zero: 0, negative: 0, not_finite: 3 },
      quantiles: { p50: 1.5 },
    });
    expect(columns['mostly_text']).toMatchObject({
      type: 'INTEGER',
      kind: 'text',
      distinct: { count: 6 },
      range: { min: '3', max: 'e' },
    });
    expect(columns['anything']).toMatchObject({
      type: '',
      kind: 'number',
      range: { min: 1.5, max: 4 },
      signs: { not_finite: 1 },
    });
    expect(columns['bytes']).toMatchObject({ kind: 'other', nulls: { count: 2 } });
    expect(columns['bytes']?.distinct).toBeUndefined();
    expect(columns['flag']).toMatchObject({
      kind: 'boolean',
      distinct: { count: 2 },
      top_values: {
        values: [
          { value: true, count: 3 },
          { value: false, count: 2 },
        ],
      },
    });
    expect(columns['uuid']).toMatchObject({ type: 'UUID', kind: 'text', distinct: { count: 6 } });
  });

  it('has times as texts, seconds, milliseconds or Julian days, and what is no time counts for none', async () => {
    const columns = await profileOf(`
      CREATE TABLE t (text DATETIME, unix TIMESTAMP, milli DATETIME, julian DATE, no_time DATETIME, day DATE);
      INSERT INTO t VALUES ('2024-01-31 10:00:00', 1706695200, 1706695200500, 2460340.5, '31.1.2024', '2024-01-31'),
        ('2024-02-01T12:00:00+02:00', 1706781600, 1706781600000, 2460341.5, 'now', '2024-02-01'),
        ('2024-02-30', 'soon', x'00', NULL, 'tomorrow', '2024-02-30'), ('0000-00-00', NULL, NULL, NULL, 'x', '1600-01-01');`);
    const range = (name: string): unknown => [
      columns[name]?.kind,
      columns[name]?.range?.min,
      columns[name]?.range?.max,
    ];
    expect(range('text')).toEqual(['time', '2024-01-31 10:00:00', '2024-02-01 10:00:00']);
    expect(range('unix')).toEqual(['time', '2024-01-31 10:00:00', '2024-02-01 10:00:00']);
    expect(range('milli')).toEqual(['time', '2024-01-31 10:00:00.500', '2024-02-01 10:00:00']);
    expect(range('julian')).toEqual(['time', '2024-01-31', '2024-02-01']);
    expect(range('no_time')).toEqual(['text', '31.1.2024', 'x']);
    expect(range('day')).toEqual(['time', '1600-01-01', '2024-02-01']);
    expect(columns['text']?.nulls.count).toBe(0);
  });

  it('has the figures of equal values, whatever the collation of its columns says, and whatever they are called', async () => {
    const columns = await profileOf(`
      CREATE TABLE source (measured TEXT COLLATE NOCASE, "c0" TEXT COLLATE RTRIM, "a""b" INTEGER, x REAL, rows INTEGER);
      INSERT INTO source VALUES ('a', 'b', -9223372036854775808, 1e308, 1), ('A', 'b ', 9223372036854775807, -1e308, 1), ('a', 'b', 0, 5e-324, 1);`);
    expect(columns['measured']).toMatchObject({
      distinct: { count: 2 },
      top_values: {
        values: [
          { value: 'a', count: 2 },
          { value: 'A', count: 1 },
        ],
      },
    });
    expect(columns['c0']).toMatchObject({ distinct: { count: 2 }, shapes: { padded: 1 } });
    expect(columns['a"b']?.range).toEqual({ basis: 'exact', min: '-9223372036854775808', max: '9223372036854775807' });
    expect(columns['x']).toMatchObject({ range: { min: -1e308, max: 1e308 }, signs: { not_finite: 0, negative: 1 } });
    expect(columns['x']?.moments).toBeUndefined();
  });
});

describe('a wide table of SQLite', () => {
  it.each([
    [2_000, 'c', true],
    [450, 'a_name_of_a_column_'.repeat(13), false],
  ])(
    'of %i columns is measured, with short names as with long ones',
    async (width, prefix, duplicates) => {
      const columns = Array.from({ length: width }, (_, at) => `${prefix}${at}`);
      // Columns without a type: what they hold is looked up in the first of them, however wide the table is.
      file.write(`CREATE TABLE t (${columns.map((name, at) => name + (at < 400 ? '' : ' INTEGER')).join()})`);
      const row = `INSERT INTO t VALUES (${columns.map((_, at) => at % 7).join()})`;
      file.write(`${row};${row}`);
      const engine = await open();
      const schema = engine.opened.schema.tables[0];
      if (schema === undefined) throw new Error('There is no table.');
      const profile = await profileWith('sqlite', schema, (sql) => {
        expect(sql.length).toBeLessThan(200_000);
        return engine.run(sql, { ...limits, bytes: 32_000_000, rows: 100_000 });
      });
      expect(profile.columns).toHaveLength(width);
      for (const [at, column] of profile.columns.entries())
        expect(column).toMatchObject({ kind: 'number', nulls: { count: 0 }, range: { min: at % 7, max: at % 7 } });
      expect(profile.duplicate_rows?.count).toBe(duplicates ? 1 : undefined);
    },
    120_000,
  );
});

describe('a result of SQLite', () => {
  it('has the type that its values have, and loses nothing', async () => {
    file.write(
      "CREATE TABLE t (n INTEGER, at DATETIME, r REAL); INSERT INTO t VALUES (9007199254740993, '2024-01-31', 2), (NULL, NULL, 9e999)",
    );
    const engine = await open();
    const { columns, values } = await engine.run(
      "SELECT n, at, r, x'ff00' AS b, 'é' || char(0) || 'z' AS s, NULL AS none, 1 AS n FROM t",
      limits,
    );
    expect(columns.map(({ type }) => type)).toEqual(['INTEGER', 'DATETIME', 'REAL', 'BLOB', 'TEXT', '', 'INTEGER']);
    expect(values.map(([first]) => first)).toEqual(['9007199254740993', '2024-01-31', 2, "X'FF00'", 'é\0z', null, 1]);
    expect(values[2]).toEqual([2, 'Infinity']);
  });

  it('is not made where it would be too large', async () => {
    const engine = await open();
    for (const sql of [
      "SELECT printf('%*s', 900000000, 'x')",
      "SELECT replace(replace(printf('%*s', 60000, ' '), ' ', printf('%*s', 60000, 'x')), 'x', 'yy')",
    ])
      expect((await failureOf(engine.run(sql, limits))).message).toMatch(/A value is larger than 64 MiB/);
    expect(await engine.run("SELECT printf('%*s', 2000000, 'x')", limits)).toMatchObject({ rows: 0, truncated: true });
    expect((await failureOf(engine.run('SELECT ?', limits))).message).toMatch(/variable/);
  });
});
