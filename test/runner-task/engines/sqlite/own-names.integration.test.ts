import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqliteFunctions } from '../../../../runner-task/supervisor/engines/sqlite/policy/sqlite-functions.ts';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { quoteName } from '../../../../src/domain/sql-name.ts';
import { profileWith } from '../../../domain/profile/profile-with.ts';
import { makeSqliteFile, type SqliteFile } from '../../../support/sqlite-file.ts';

const limits = { rows: 1_000, bytes: 1_000_000, seconds: 20 };

/** Made by an application with a collation and a function of its own, which stay with it when it has gone. */
const application = (path: string): string => `
import sqlite3
made = sqlite3.connect(r"${path}")
made.create_collation("german", lambda a, b: (a.lower() > b.lower()) - (a.lower() < b.lower()))
made.create_function("slug", 1, lambda text: (text or "").lower(), deterministic=True)
made.create_function("upper", 1, lambda text: "captured", deterministic=True)
made.executescript("""
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT COLLATE german, town TEXT);
INSERT INTO people VALUES (1, 'Ada', 'X'), (2, 'ada', 'Y'), (3, 'Bob', 'X');
CREATE TABLE indexed (name TEXT COLLATE german PRIMARY KEY, n INT); INSERT INTO indexed VALUES ('Ada', 1);
CREATE TABLE pages (id INTEGER PRIMARY KEY, title TEXT, virtual_slug TEXT GENERATED ALWAYS AS (slug(title)) VIRTUAL,
  stored_slug TEXT GENERATED ALWAYS AS (slug(title)) STORED, twice INT GENERATED ALWAYS AS (id * 2) VIRTUAL);
INSERT INTO pages (id, title) VALUES (1, 'A'), (2, 'B');
CREATE TABLE checked (id INTEGER PRIMARY KEY, code TEXT CHECK (slug(code) <> '') DEFAULT (slug('x')));
CREATE INDEX by_slug ON checked (slug(code)); CREATE INDEX some ON checked (code) WHERE slug(code) = 'x';
INSERT INTO checked VALUES (1, 'x'), (2, 'y');
CREATE VIEW slugs AS SELECT id, slug(title) AS s FROM pages;
CREATE VIEW titles AS SELECT id, title FROM pages;
CREATE VIEW sorted AS SELECT id, name FROM people ORDER BY name;
""")
made.commit()
`;

describe('a SQLite file with names of its application', () => {
  let file: SqliteFile;
  let engine: OpenEngine;
  beforeAll(async () => {
    file = makeSqliteFile('own.db');
    execFileSync('python3', ['-c', application(file.path)]);
    // Tables and columns that are called like functions, and a column that is like one of a catalog.
    const names = [...sqliteFunctions].filter((name) => /^[a-z_]\w*$/.test(name));
    file.write(
      `CREATE TABLE "count" (${names.map((name) => `${quoteName(name)} TEXT`).join(', ')}); INSERT INTO "count" ("max") VALUES ('m');
       CREATE TABLE "max" (id INTEGER PRIMARY KEY, "count" INT); INSERT INTO "max" VALUES (1, 5), (2, 5);`,
    );
    engine = await file.open();
  });
  afterAll(async () => {
    await engine?.close();
    file.remove();
  });

  const measured = async (name: string): Promise<unknown> => {
    const schema = engine.opened.schema.tables.find((table) => table.name === name);
    if (schema === undefined) throw new Error(`${name} is not there`);
    return profileWith('sqlite', schema, (sql) => engine.run(sql, limits)).then(
      ({ rows, columns }) => [rows.count, columns.map((column) => [column.name, column.distinct?.count])],
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  };

  it('is measured where nothing of its application is needed', async () => {
    expect(await measured('people')).toEqual([
      3,
      [
        ['id', 3],
        ['name', 3],
        ['town', 2],
      ],
    ]);
    expect(await measured('checked')).toEqual([
      2,
      [
        ['id', 2],
        ['code', 2],
      ],
    ]);
    expect(await measured('titles')).toEqual([
      2,
      [
        ['id', 2],
        ['title', 2],
      ],
    ]);
    expect(await measured('max')).toEqual([
      2,
      [
        ['id', 2],
        ['count', 1],
      ],
    ]);
    expect(await measured('count')).toEqual([1, expect.any(Array)]);
  });

  it('has the columns alone left out that are computed by its application', async () => {
    expect(await measured('pages')).toEqual([
      2,
      [
        ['id', 2],
        ['title', 2],
        ['stored_slug', 2],
        ['twice', 2],
      ],
    ]);
    expect(engine.opened.schema.tables.find(({ name }) => name === 'pages')?.notes).toEqual([
      { kind: 'left_out', detail: expect.stringMatching(/virtual_slug.*application.*slug\(\)/) as string },
    ]);
  });

  it('says of the others, alone, what they are without', async () => {
    expect(await measured('slugs')).toMatch(/no such function: slug\. .*application/);
    expect(await measured('sorted')).toMatch(/no such collation sequence: german\. The application .*COLLATE BINARY/);
    expect(await measured('indexed')).toMatch(/no such collation sequence: german\. The application .*NOT INDEXED/);
    // The advice helps.
    const { values } = await engine.run('SELECT count(*), min(name COLLATE BINARY) FROM indexed NOT INDEXED', limits);
    expect(values).toEqual([[1], ['Ada']]);
  });

  it('is read with the functions of SQLite', async () => {
    const { values } = await engine.run("SELECT upper(title), max(id) FROM pages WHERE title = 'B'", limits);
    expect(values).toEqual([['B'], [2]]);
    await expect(engine.run("SELECT slug('a')", limits)).rejects.toMatchObject({ kind: 'STATEMENT_FAILED' });
  });
});
