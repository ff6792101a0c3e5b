import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../../runner-task/supervisor/engines/duckdb/open-database.ts';
import { openDuckdb } from '../../../../runner-task/supervisor/engines/duckdb/open-duckdb.ts';
import type { WantedTables } from '../../../../src/domain/connection/narrow-schema.ts';
import { writersPython } from '../duckdb/files/writers/writers-python.ts';
import { describeBoundary, type WayOut } from './describe-boundary.ts';

let folder: string;
const bounds = {
  memory_bytes: 256 * 1024 * 1024,
  spill_folder: join(tmpdir(), 'surveyor-folder-spill'),
  python: 'none',
};

/** Files of each format: some of the run, and others that nothing may tell of. */
const writeFolder = async (): Promise<void> => {
  folder = mkdtempSync(join(tmpdir(), 'surveyor-folder-boundary-'));
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('orders.csv'), 'id,customer_id,total\n1,1,10\n2,1,20\n');
  writeFileSync(at('customers.json'), '[{"id": 1, "name": "Ada"}]');
  writeFileSync(at('salaries.csv'), 'id,secret_amount\n1,424242\n');
  writeFileSync(at('secret_notes.ndjson'), '{"secret": "424242"}\n');
  writeFileSync(at('secret odd.csv'), '\u0000\u0001');
  mkdirSync(at('secret_parts'), { recursive: true });
  for (const year of [2025, 2026]) {
    mkdirSync(at(`secret_parts/year=${year}`));
    writeFileSync(at(`secret_parts/year=${year}/salaries.csv`), 'secret\n424242\n');
  }
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(`COPY (SELECT 424242 AS secret) TO '${at('secret_rows.parquet')}' (FORMAT parquet)`);
  await connection.run(`COPY (SELECT range AS id FROM range(5)) TO '${at('plain.parquet')}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
};

const catalogs = [
  ...['tables', 'columns', 'views'].flatMap((name) => [`duckdb_${name}()`, `duckdb_${name}`]),
  'information_schema.tables',
  'information_schema.columns',
  'pg_class',
  'pg_attribute',
  'pg_catalog.pg_tables',
  'sqlite_master',
  'system.main.duckdb_tables()',
];

describeBoundary({
  name: 'a folder of files',
  isMissing: false,
  start: writeFolder,
  stop: async () => rmSync(folder, { recursive: true, force: true }),
  open: (wanted) => openDuckdb({ engine: 'files', path: folder }, bounds, wanted),
  tables: ['orders', 'customers', 'plain'],
  ways: [
    ['its name', 'SELECT * FROM salaries'],
    ['its name with its schema', 'SELECT * FROM main.salaries'],
    ['its name with its database', 'SELECT * FROM memory.main.salaries'],
    ['its name in other letters', 'SELECT * FROM "SALARIES"'],
    ['a file of JSON', 'SELECT * FROM secret_notes'],
    ['a file of Parquet', 'SELECT * FROM secret_rows'],
    ['a folder that is one table', 'SELECT * FROM secret_parts'],
    ['a file that cannot be read', 'DESCRIBE "secret odd"'],
    ['FROM', 'FROM salaries'],
    ['a subquery', 'SELECT (SELECT max(secret_amount) FROM salaries)'],
    ['WITH', 'WITH a AS (SELECT * FROM salaries) SELECT * FROM a'],
    [
      'the first part of a recursive query',
      'WITH RECURSIVE salaries AS (SELECT * FROM salaries UNION ALL SELECT * FROM salaries WHERE false) SELECT * FROM salaries',
    ],
    ['a join', 'SELECT s.* FROM orders o POSITIONAL JOIN salaries s'],
    ['PIVOT', 'PIVOT salaries ON id USING sum(secret_amount)'],
    ['EXPLAIN', 'EXPLAIN SELECT * FROM salaries'],
    ['DESCRIBE', 'DESCRIBE salaries'],
    ['SUMMARIZE', 'SUMMARIZE salaries'],
    ['SHOW', 'SHOW salaries'],
    ['SHOW TABLES', 'SHOW TABLES'],
    ['SHOW ALL TABLES', 'SHOW ALL TABLES'],
    ...catalogs.map((catalog): WayOut => [catalog, `SELECT * FROM ${catalog}`]),
    ['a function of the catalog', "SELECT * FROM pragma_table_info('salaries')"],
  ],
  closed: [
    ['its file', "SELECT * FROM 'salaries.csv'"],
    ['read_csv', "SELECT * FROM read_csv('salaries.csv')"],
    ['read_text', "SELECT * FROM read_text('**')"],
    ['read_parquet', "SELECT * FROM read_parquet('*.parquet')"],
    ['parquet_schema', "SELECT * FROM parquet_schema('secret_rows.parquet')"],
    ['glob', "SELECT * FROM glob('**')"],
    ['sniff_csv', "FROM sniff_csv('salaries.csv')"],
    ['query_table', "SELECT * FROM query_table('salaries')"],
    ['query', "SELECT * FROM query('FROM salaries')"],
    ['PRAGMA', "PRAGMA table_info('salaries')"],
    ['ATTACH', "ATTACH 'salaries.csv' AS s"],
    ['USE', 'USE memory'],
    ['a search path', "SET search_path = 'main'"],
  ],
  allowed: [
    ['SHOW TABLES', 'SHOW TABLES', [['customers', 'orders', 'plain']]],
    ['its tables', 'SELECT count(*), sum(total) FROM orders', [[2], [30]]],
    ['a file of Parquet', 'SELECT sum(id) FROM memory.main.plain', [[10]]],
    ['columns', "SELECT column_name FROM duckdb_columns() WHERE table_name = 'customers'", [['id', 'name']]],
  ],
});

describe('the files of a folder that a run was not given', () => {
  beforeAll(writeFolder);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What is in the process itself, whatever a policy says. */
  const held = async (wanted?: WantedTables): Promise<readonly unknown[]> => {
    const { instance, opened } = await openDatabase({ engine: 'files', path: folder }, bounds, wanted);
    const connection = await instance.connect();
    try {
      const reader = await connection.runAndReadAll(
        `SELECT name FROM (SELECT table_name AS name, internal, database_name FROM duckdb_tables() UNION ALL
         SELECT view_name, internal, database_name FROM duckdb_views()) WHERE NOT internal AND database_name = 'memory' ORDER BY 1`,
      );
      const names = reader.getRows().map(([name]) => name);
      expect(opened.schema.tables.map(({ name }) => name).toSorted()).toEqual(names);
      return names;
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  };

  it('are not loaded into the process', async () => {
    expect(await held({ asked: ['orders', 'main.plain'] })).toEqual(['orders', 'plain']);
    expect(await held({ kept: ['orders', 'gone'] })).toEqual(['orders']);
    expect(await held({ asked: ['secret_parts'] })).toEqual(['secret_parts']);
    expect((await held()).length).toBe(8);
  });

  it('are not opened at all, so that what is wrong with them is no matter', async () => {
    const { instance, opened } = await openDatabase({ engine: 'files', path: folder }, bounds, { asked: ['orders'] });
    instance.closeSync();
    expect(opened.not_asked?.toSorted()).toEqual([
      'customers',
      'plain',
      'salaries',
      'secret odd',
      'secret_notes',
      'secret_parts',
      'secret_rows',
    ]);
  });

  it('are named where one that is not there was asked for', async () => {
    await expect(openDatabase({ engine: 'files', path: folder }, bounds, { asked: ['salarie'] })).rejects.toMatchObject(
      {
        kind: 'TABLE_NOT_FOUND',
        message: expect.stringContaining('is "salaries" meant?') as string,
      },
    );
  });

  it('are the other sheets of a workbook, too', async () => {
    const python = await writersPython();
    execFileSync(python, [
      '-c',
      `
import openpyxl
for name, sheets in (("book", ("open", "secret")), ("single", ("only",))):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet)
        page.append(["id", sheet + "_value"])
        page.append([1, 424242])
    book.save(r"${folder}/" + name + ".xlsx")
`,
    ]);
    appendFileSync(join(folder, 'book.csv'), 'id\n1\n');
    expect(await held({ asked: ['book_open'] })).toEqual(['book_open']);
    expect(await held({ asked: ['single', 'book_csv'] })).toEqual(['book_csv', 'single']);
    expect(await held()).toEqual(expect.arrayContaining(['book_csv', 'book_open', 'book_secret', 'single']));
  });
});
