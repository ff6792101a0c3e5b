import { describe, expect, it } from 'vitest';
import { Engine } from '../../../src/contracts/engine.ts';
import { type TableSchema } from '../../../src/contracts/schema.ts';
import { estimateStatement, planProfile } from '../../../src/domain/profile/plan-profile.ts';
import { profileStatements } from '../../../src/domain/profile/profile-statements.ts';
import { type Figures, readFigures } from '../../../src/domain/figures/read-figures.ts';
import { readGolden } from '../../support/read-golden.ts';

const column = (name: string, type: string) => ({ name, type, nullable: true });
const orders: TableSchema = {
  name: 'sales.orders',
  kind: 'table',
  columns: [
    column('order_id', 'BIGINT'),
    column('amount', 'DOUBLE'),
    column('status "now"', 'VARCHAR'),
    column('ordered_at', 'TIMESTAMP'),
    column('is_gift', 'BOOLEAN'),
    column('tags', 'VARCHAR[]'),
  ],
  constraints: [],
};
const now = Date.parse('2025-07-01T00:00:00Z') / 1_000;

/** The same table as each engine declares it. */
const tables: Readonly<Record<Engine, TableSchema>> = {
  duckdb: orders,
  postgres: {
    ...orders,
    columns: [
      column('order_id', 'bigint'),
      column('amount', 'numeric(10,2)'),
      column('status "now"', 'text'),
      column('ordered_at', 'timestamp without time zone'),
      column('is_gift', 'boolean'),
      column('tags', 'text[]'),
    ],
  },
  mysql: {
    ...orders,
    columns: [
      column('order_id', 'bigint(20)'),
      column('amount', 'double'),
      column('status `now`', 'varchar(20)'),
      column('ordered_at', 'datetime'),
      column('tags', 'blob'),
    ],
    constraints: [{ kind: 'primary_key', columns: ['order_id'] }],
  },
  sqlite: {
    ...orders,
    name: 'sales orders',
    columns: [
      column('order_id', 'INTEGER'),
      column('amount', 'DECIMAL(10,2)'),
      column('status "now"', 'TEXT'),
      column('ordered_at', 'DATETIME'),
      column('is_gift', 'BOOLEAN'),
      column('tags', 'BLOB'),
    ],
    constraints: [{ kind: 'primary_key', columns: ['order_id'] }],
  },
};

/** What the engines answer when asked how large the table is. */
const estimate = (engine: Engine, rows: number): Figures =>
  readFigures([
    {
      columns: ['name', 'value', 'count'].map((name) => ({ name, type: '' })),
      values: [
        [rows > 200_000 && engine !== 'sqlite' ? 'planner_rows' : 'rows', 'key_least', 'key_greatest'],
        [String(rows), '1', String(rows)],
        [null, null, null],
      ],
      rows: 3,
      truncated: false,
    },
  ]);

describe('the statements of a profile', () => {
  describe.each(Engine.options)('in %s', (engine) => {
    it.each([
      ['small table', { rows: 10_000, previewPercent: undefined }],
      ['large table', { rows: 10_000_000, previewPercent: undefined }],
      ['preview', { rows: 10_000_000, previewPercent: 1 }],
    ])('of a %s are the ones on file', (name, { rows, previewPercent }) => {
      const schema = engine === 'duckdb' ? { ...orders, estimated_rows: rows } : tables[engine];
      const asked = estimateStatement(engine, schema);
      const plan = planProfile(engine, schema, {
        estimate: asked === undefined ? undefined : estimate(engine, rows),
        previewPercent,
        now,
      });
      const statements = [...(asked === undefined ? [] : [asked]), ...profileStatements(plan)];
      const folder = engine === 'duckdb' ? '' : `${engine}-`;
      const file = new URL(`../../golden/profile/${folder}${name.replace(' ', '-')}.sql`, import.meta.url);
      const sql = `${statements.join(';\n\n')};\n`;
      expect(sql).toBe(readGolden(file, sql));
    });
  });

  it('stay below the length that a sandbox takes, however long the names are', () => {
    const columns = Array.from({ length: 300 }, (_, at) =>
      column(`${'wide '.repeat(200)}${at}`, at % 2 ? 'VARCHAR' : 'DOUBLE'),
    );
    for (const rows of [10, 10_000_000]) {
      const statements = profileStatements(
        planProfile('duckdb', { ...orders, columns, estimated_rows: rows }, { estimate: undefined, now }),
      );
      expect(Math.max(...statements.map(({ length }) => length))).toBeLessThan(200_000);
    }
  });
});
