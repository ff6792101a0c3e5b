import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import type { TableSchema } from '../../../../src/contracts/schema.ts';
import { DatabaseSchema } from '../../../../src/contracts/schema.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { mysqlNames } from '../../../../src/domain/engines/mysql/names.ts';
import { startMariadb, type MariadbServer } from '../../../support/mariadb-server.ts';
import { limits, open } from './mysql-target.ts';

const password = 'r-ole_ Pw:1';
const { quoteName, quoteTable } = mysqlNames;
const longest = 'n'.repeat(64);

const oddities = `
  CREATE TABLE \`Mixed Case \`\`tick\` (\`Id\` INT PRIMARY KEY, \`a\`\`b\` INT COMMENT 'it''s \\\\ a "comment"', \`sélect\` INT)
    COMMENT 'of the table';
  CREATE TABLE \`данные 数据\` (\`ключ\` INT PRIMARY KEY, \`值\` VARCHAR(20) UNIQUE);
  CREATE TABLE \`2024.orders\` (id INT PRIMARY KEY, \`a.b\` INT);
  CREATE TABLE \`"quoted"\` (\`"\` INT PRIMARY KEY);
  CREATE TABLE ${longest} (${longest} INT PRIMARY KEY);
  CREATE TABLE \`select\` (\`from\` INT PRIMARY KEY);
  CREATE TABLE empty (id INT PRIMARY KEY, note TEXT);
  CREATE TABLE wide (${Array.from({ length: 300 }, (_, i) => `c${i} INT`).join(', ')});
  CREATE TABLE no_key (a INT, b INT);
  CREATE TABLE parts (id INT, year INT, PRIMARY KEY (id, year)) PARTITION BY RANGE (year)
    (PARTITION p0 VALUES LESS THAN (2000), PARTITION p1 VALUES LESS THAN MAXVALUE);
  INSERT INTO parts VALUES (1, 1999), (2, 2024), (3, 2025);
  CREATE TABLE made (a INT PRIMARY KEY, b INT AS (a * 2) VIRTUAL, c VARCHAR(60) AS (concat('
  PRIMARY KEY (\`b\`)
', a)) STORED COMMENT 'x\\n  PRIMARY KEY (\`b\`)', d INT INVISIBLE DEFAULT 3);
  CREATE TABLE versioned (id INT PRIMARY KEY, v INT) WITH SYSTEM VERSIONING;
  CREATE TABLE parent (x INT, y INT, z VARCHAR(100), PRIMARY KEY (x, y), UNIQUE KEY z_part (z(10)));
  CREATE TABLE child (id INT PRIMARY KEY, px INT, py INT, \`Up\` INT NULL,
    CONSTRAINT to_parent FOREIGN KEY (px, py) REFERENCES parent (x, y) ON DELETE CASCADE,
    FOREIGN KEY (\`Up\`) REFERENCES child (id), FOREIGN KEY (px) REFERENCES elsewhere.far (id));
  CREATE VIEW seen AS SELECT id, px FROM child;
  CREATE TABLE gone (id INT); CREATE VIEW broken AS SELECT id FROM gone; DROP TABLE gone;
  CREATE SEQUENCE counter;
  CREATE TABLE some_columns (id INT, secret INT, shown INT, PRIMARY KEY (id, secret));
  CREATE TABLE hidden (id INT PRIMARY KEY);`;

describe.skipIf(isMissing('mariadb'))('the schema of a MariaDB database', () => {
  let server: MariadbServer;
  let owner: OpenEngine;
  let reader: OpenEngine;
  beforeAll(async () => {
    server = await startMariadb();
    await server.run('CREATE DATABASE elsewhere; CREATE TABLE elsewhere.far (id INT PRIMARY KEY)');
    await server.run(oddities);
    owner = await open(server.port);
    const shown = owner.opened.addresses
      .map(({ table }) => table)
      .filter((table) => !/some_columns|hidden/.test(table));
    await server.run(`CREATE USER reader IDENTIFIED BY '${password}'; GRANT SELECT (id, shown) ON app.some_columns TO reader;
      ${shown.map((table) => `GRANT SELECT ON app.${quoteName(table)} TO reader;`).join(' ')}`);
    reader = await open(server.port, { user: 'reader', password, writable_role: 'refuse' });
  });
  afterAll(async () => {
    await owner.close();
    await reader.close();
    await server.stop();
  });

  const tableOf = (engine: OpenEngine, name: string): TableSchema => {
    const table = engine.opened.schema.tables.find((one) => one.name === name);
    if (table === undefined) throw new Error(`no table ${name}`);
    return table;
  };

  it('is a valid one, of the database that the connection names alone', () => {
    const { schema } = owner.opened;
    expect(DatabaseSchema.parse(schema)).toEqual(schema);
    expect(schema.engine).toBe('mysql');
    expect(schema.engine_version).toMatch(/^10\.11\..*MariaDB/);
    expect(schema.tables.map(({ name }) => name)).not.toContain('far');
    expect(schema.tables.map(({ name }) => name)).not.toContain('counter');
    expect(schema.left_out).toEqual([{ name: 'counter', detail: 'A sequence: it makes numbers and holds no rows.' }]);
  });

  it('names every table so that it can be read by that name', async () => {
    for (const { name, columns } of owner.opened.schema.tables) {
      const [column] = columns;
      const sql = `SELECT ${quoteName(column?.name ?? '')} FROM ${quoteTable(name)}`;
      expect((await owner.run(sql, limits)).columns).toHaveLength(1);
    }
    expect(owner.opened.addresses).toContainEqual({ name: '"2024.orders"', table: '2024.orders' });
    expect(owner.opened.addresses).toContainEqual({ name: '"""quoted"""', table: '"quoted"' });
  });

  it('keeps case, backticks, Unicode and 64 characters', () => {
    const odd = tableOf(owner, 'Mixed Case `tick');
    expect(odd.comment).toBe('of the table');
    expect(odd.columns.map(({ name }) => name)).toEqual(['Id', 'a`b', 'sélect']);
    expect(odd.columns[1]?.comment).toBe('it\'s \\ a "comment"');
    expect(tableOf(owner, 'данные 数据').constraints).toEqual([
      { kind: 'primary_key', columns: ['ключ'] },
      { kind: 'unique', columns: ['值'] },
    ]);
    expect(tableOf(owner, longest).constraints).toEqual([{ kind: 'primary_key', columns: [longest] }]);
  });

  it('tells kinds, widths and sizes', () => {
    expect(tableOf(owner, 'wide').columns).toHaveLength(300);
    expect(tableOf(owner, 'parts').kind).toBe('partitioned_table');
    expect(tableOf(owner, 'parts').estimated_rows).toBe(3);
    expect(tableOf(owner, 'empty').estimated_rows).toBe(0);
    expect(tableOf(owner, 'empty').bytes).toBeGreaterThan(0);
    expect(tableOf(owner, 'versioned')).toMatchObject({
      kind: 'table',
      notes: [{ kind: 'read_as', detail: expect.stringContaining('system-versioned') as string }],
    });
    const view = tableOf(owner, 'seen');
    expect(view.kind).toBe('view');
    expect(view.estimated_rows).toBeUndefined();
    expect(view.comment).toBeUndefined();
  });

  it('takes no text of an expression or comment for a key', () => {
    expect(tableOf(owner, 'made').constraints).toEqual([{ kind: 'primary_key', columns: ['a'] }]);
    expect(tableOf(owner, 'made').columns.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('has keys of several columns, on oneself, into another database', () => {
    expect(tableOf(owner, 'child').constraints).toEqual([
      { kind: 'primary_key', columns: ['id'] },
      { kind: 'foreign_key', columns: ['Up'], references: { table: 'child', columns: ['id'] } },
      { kind: 'foreign_key', columns: ['px'], references: { table: 'elsewhere.far', columns: ['id'] } },
      { kind: 'foreign_key', columns: ['px', 'py'], references: { table: 'parent', columns: ['x', 'y'] } },
    ]);
    expect(tableOf(owner, 'parent').constraints).toContainEqual({ kind: 'unique', columns: ['z'] });
    expect(tableOf(owner, 'no_key').constraints).toEqual([]);
  });

  it('is the same to a role that has nothing but SELECT, keys and all', () => {
    const shared = owner.opened.schema.tables.filter(({ name }) => !/some_columns|hidden/.test(name));
    for (const table of shared) expect(tableOf(reader, table.name)).toEqual(table);
    expect(shared.length).toBeGreaterThan(12);
  });

  it('calls what the role cannot see not visible', () => {
    const table = tableOf(reader, 'some_columns');
    expect(table.columns.map(({ name }) => name)).toEqual(['id', 'shown']);
    // Its key is (id, secret): half of it would be a lie.
    expect(table.constraints).toEqual([]);
    const hidden = reader.opened.schema.not_visible.filter(({ name }) => name === 'some_columns');
    expect(hidden.map(({ what }) => what)).toEqual(['constraints', 'columns']);
    for (const { detail } of hidden) expect(detail).toContain('GRANT SELECT ON `app`.`some_columns`');
  });

  it('calls a broken view not visible, with the reason', () => {
    const broken = owner.opened.schema.not_visible.find(({ name }) => name === 'broken');
    expect(broken?.what).toBe('table');
    expect(broken?.detail).toContain('references invalid table(s)');
  });

  it('reads 200 tables', async () => {
    await server.run('CREATE DATABASE many');
    await server.run(
      Array.from({ length: 200 }, (_, i) => `CREATE TABLE t${i} (id INT PRIMARY KEY, v INT UNIQUE);`).join('\n'),
      'many',
    );
    const engine = await open(server.port, { database: 'many' });
    expect(engine.opened.schema.tables).toHaveLength(200);
    expect(engine.opened.schema.tables.every(({ constraints }) => constraints.length === 2)).toBe(true);
    await engine.close();
  });

  it('says of a view whose definer is gone that this is why', async () => {
    await server.run(`CREATE USER leaving; GRANT SELECT ON app.child TO leaving;
      CREATE DEFINER = leaving VIEW left_behind AS SELECT id FROM child; GRANT SELECT ON app.left_behind TO reader; DROP USER leaving`);
    for (const engine of [owner, reader]) {
      await expect(engine.run('SELECT id FROM left_behind', limits)).rejects.toMatchObject({
        kind: 'STATEMENT_FAILED',
        message: expect.stringMatching(/^A view .* definer, who is no longer a user .* The server said: /) as string,
      });
    }
    await server.run('DROP VIEW left_behind');
  });
});
