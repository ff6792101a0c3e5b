import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../../../runner-task/supervisor/engines/postgres/connect.ts';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { DatabaseSchema, type TableSchema } from '../../../../src/contracts/schema.ts';
import { ResultTable } from '../../../../src/contracts/sandbox.ts';
import { quoteTable } from '../../../../src/domain/sql-name.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startPostgres, type PostgresServer } from '../../../support/postgres-server.ts';
import { longestName, oddSchema, oddValues } from './odd-schema.ts';
import { limits, openAs, targetOf } from './postgres-target.ts';

describe.skipIf(isMissing('postgres'))('a database of oddities', () => {
  let server: PostgresServer;
  let engine: OpenEngine;
  beforeAll(async () => {
    server = await startPostgres();
    await server.run(oddSchema);
    await server.run(`
      SET lc_monetary = 'C';
      CREATE TABLE odd_values (${oddValues.map(([type], index) => `v${index} ${type}`).join(', ')});
      INSERT INTO odd_values VALUES (${oddValues.map(([, literal]) => literal).join(', ')});
      INSERT INTO odd_values DEFAULT VALUES; GRANT SELECT ON odd_values TO reader;`);
    engine = await openAs(server, { user: 'reader', password: 'only reads' });
  });
  afterAll(async () => {
    await engine?.close();
    await server?.stop();
  });

  const table = (name: string): TableSchema | undefined => engine.opened.schema.tables.find((one) => one.name === name);

  it('is read as the contract has it', () => {
    expect(DatabaseSchema.parse(engine.opened.schema)).toEqual(engine.opened.schema);
    expect(engine.opened.schema.not_visible).toEqual([]);
    expect(engine.opened.addresses.map(({ name }) => name)).toEqual(
      engine.opened.schema.tables.map(({ name }) => name),
    );
  });

  it('names tables by their schema where it is not the default one, and quotes parts that hold dots', () => {
    const names = engine.opened.schema.tables.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        'MixedCase',
        'größe 表 🐘',
        longestName,
        'select',
        '"with.dot"',
        '"""quoted"""',
        ' spaces ',
        `per%cent'\\n`,
        'nothing',
        '"Sche.ma"."Ta.ble"',
        '"Sche.ma".MixedCase',
        '"Sche.ma".many_200',
      ]),
    );
    expect(names.filter((name) => name.includes('many_'))).toHaveLength(200);
  });

  it('is readable by these names, every table of it', async () => {
    for (const { name, columns } of engine.opened.schema.tables) {
      const result = await engine.run(`SELECT * FROM ${quoteTable(name)} LIMIT 3`, limits);
      expect(ResultTable.parse(result).columns.map((column) => column.name)).toEqual(
        columns.map((column) => column.name),
      );
    }
  });

  it('tells kinds, and lists partitions as their table alone, with rows and size of all of them', () => {
    const kinds = ['measures', 'seen', 'kept', 'outside', 'parent', 'child'].map((name) => table(name)?.kind);
    expect(kinds).toEqual(['partitioned_table', 'view', 'materialized_view', 'foreign_table', 'table', 'table']);
    expect(table('measures_2024')).toBeUndefined();
    expect(table('measures_2024_1')).toBeUndefined();
    expect(table('measures')).toMatchObject({ estimated_rows: 100, bytes: expect.any(Number) as number });
    expect(table('measures')?.bytes).toBeGreaterThan(8_191);
    expect(table('measures')?.constraints).toEqual([{ kind: 'primary_key', columns: ['day', 'place'] }]);
    // One key, not one for each partition that it could lead to.
    expect(table('readings')?.constraints).toEqual([
      { kind: 'foreign_key', columns: ['day', 'place'], references: { table: 'measures', columns: ['day', 'place'] } },
    ]);
  });

  it('tells rows of tables that were analyzed, and none of others', async () => {
    expect(table('empty_one')?.estimated_rows).toBe(0);
    expect(table('odd_values')).not.toHaveProperty('estimated_rows');
    expect(table('seen')).not.toHaveProperty('estimated_rows');
  });

  it('tells columns, comments, and keys across schemas', () => {
    expect(table('wide')?.columns).toHaveLength(300);
    expect(table('nothing')?.columns).toEqual([]);
    expect(table('seen')?.comment).toBe('what is seen');
    expect(table('MixedCase')?.columns).toEqual([
      { name: 'Id', type: 'integer', nullable: false },
      { name: 'select', type: 'text', nullable: true },
      { name: 'ein Wort', type: 'text', nullable: true },
      { name: 'a.b', type: 'integer', nullable: true },
      { name: 'q"q', type: 'integer', nullable: true },
      { name: 'größe', type: 'integer', nullable: true, comment: 'wie groß' },
    ]);
    expect(table('"Sche.ma".refers')?.constraints).toEqual(
      expect.arrayContaining([
        { kind: 'foreign_key', columns: ['id'], references: { table: '"Sche.ma"."Ta.ble"', columns: ['id'] } },
        { kind: 'foreign_key', columns: ['out'], references: { table: 'MixedCase', columns: ['Id'] } },
      ]),
    );
  });

  it('tells of domains and enumerations what they are made of', () => {
    const types = Object.fromEntries(
      (table('own_types')?.columns ?? []).map((one) => [one.name, [one.type, one.base_type]]),
    );
    expect(types).toMatchObject({
      m: ['"Mood"', 'enum'],
      p: ['positive', 'numeric(10,2)'],
      d: ['dear', 'numeric(10,2)'],
      f: ['feeling', 'enum'],
      t: ['tags', 'text[]'],
      c: ['place', undefined],
      ms: ['"Mood"[]', undefined],
      h: ['hstore', undefined],
    });
    expect(table('own_types')?.columns.find(({ name }) => name === 'd')?.nullable).toBe(false);
  });

  it('gives values of types that nobody has heard of as the text that the server writes', async () => {
    const { values, columns } = await engine.run('SELECT * FROM own_types', limits);
    expect(Object.fromEntries(columns.map(({ name }, index) => [name, values[index]?.[0]]))).toEqual({
      m: `it's, "so" \\ ok`,
      p: '1.50',
      d: '2.00',
      f: 'sad',
      t: '["a",null]',
      c: '(1,"a, ""b""")',
      cs: '["(1,x)"]',
      ms: JSON.stringify(['ok', `it's, "so" \\ ok`]),
      s: '[1.5,)',
      h: '"a"=>"1", "b"=>NULL',
      ci: 'CaSe',
      l: 'a.b.c',
      book: '0-393-04002-X',
      xs: JSON.stringify(['"a"=>"1"']),
    });
  });

  it('has a column of every built-in type', async () => {
    const all = await engine.run('SELECT * FROM all_types', limits);
    expect(all.columns.length).toBeGreaterThan(120);
    expect(all.columns.every(({ type }) => type !== 'unknown')).toBe(true);
    expect(all.values.every(([value]) => value === null)).toBe(true);
  });

  it('is opened while a table is locked, without the sizes that would have to wait for it', async () => {
    const locking = await connect(targetOf(server));
    await locking.client.query('BEGIN; LOCK TABLE "MixedCase" IN ACCESS EXCLUSIVE MODE');
    const meanwhile = await openAs(server, { user: 'reader', password: 'only reads' });
    expect(meanwhile.opened.schema.tables.map(({ name }) => name)).toEqual(
      engine.opened.schema.tables.map(({ name }) => name),
    );
    expect(meanwhile.opened.schema.tables.every(({ bytes }) => bytes === undefined)).toBe(true);
    await meanwhile.close();
    locking.destroy();
  });

  describe('gives, with no digit lost,', () => {
    it.each(oddValues.map(([type, literal, read], index) => ({ type, literal, read, index })))(
      'the $type $literal',
      async ({ type, read, index }) => {
        const { columns, values } = await engine.run(`SELECT v${index} FROM odd_values`, limits);
        expect(values).toEqual([[read, null]]);
        // A result's type has no modifiers; character alone is "char"'s elder brother.
        expect(columns[0]?.type).toBe(type.replace(/\(\d+\)/, ''));
      },
    );
  });
});
