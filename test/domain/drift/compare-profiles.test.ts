import { describe, expect, it } from 'vitest';
import type { ColumnProfile, DatabaseProfile, TableProfile } from '../../../src/contracts/profile.ts';
import { compareProfiles } from '../../../src/domain/drift/compare-profiles.ts';

const column = (name: string, more: Partial<ColumnProfile> = {}): ColumnProfile => ({
  name,
  type: 'BIGINT',
  kind: 'number',
  nulls: { basis: 'exact', count: 0, share: 0 },
  ...more,
});

const table = (name: string, columns: readonly ColumnProfile[], rows = 100): TableProfile => ({
  table: name,
  schema: { name, kind: 'table', columns: [], constraints: [] },
  rows: { basis: 'exact', count: rows },
  columns,
  statements: [],
  profiled_at: '2025-07-01T00:00:00.000Z',
  milliseconds: 1,
});

const database = (tables: readonly TableProfile[], failed: readonly string[] = []): DatabaseProfile => ({
  source: 'main',
  label: 'shop',
  engine: 'duckdb',
  engine_version: 'v1',
  not_visible: [],
  tables,
  failed: failed.map((name) => ({ table: name, failure: { kind: 'STATEMENT_FAILED', message: 'no' } })),
});

const compareColumn = (before: Partial<ColumnProfile>, after: Partial<ColumnProfile>) =>
  compareProfiles(
    database([table('orders', [column('x', before)])]),
    database([table('orders', [column('x', after)])]),
  );

const nulls = (share: number): Partial<ColumnProfile> => ({ nulls: { basis: 'exact', count: share * 1_000, share } });
const mean = (value: number, deviation: number): Partial<ColumnProfile> => ({
  moments: { basis: 'exact', mean: value, deviation },
});
const categories = (...values: readonly string[]): Partial<ColumnProfile> => ({
  distinct: { basis: 'exact', count: values.length, share: 0.1 },
  top_values: { basis: 'exact', values: values.map((value) => ({ value, count: 10 })) },
});

describe('comparing two profiles', () => {
  it('finds nothing between a profile and itself', () => {
    const profile = database([table('orders', [column('x', { ...mean(3, 1), ...categories('a', 'b') })])]);
    expect(compareProfiles(profile, profile)).toEqual([]);
  });

  it('tells tables that came and went, in the order of their names', () => {
    const changes = compareProfiles(
      database([table('b', [], 7), table('same', [])]),
      database([table('same', []), table('c', [], 9), table('a', [], 8)]),
    );
    expect(changes).toEqual([
      { source: 'main', kind: 'table_added', table: 'a', after: '8 rows' },
      { source: 'main', kind: 'table_removed', table: 'b', before: '7 rows' },
      { source: 'main', kind: 'table_added', table: 'c', after: '9 rows' },
    ]);
  });

  it('says nothing of a table that could not be measured on one side', () => {
    const measured = database([table('orders', [])]);
    expect(compareProfiles(measured, database([], ['orders']))).toEqual([]);
    expect(compareProfiles(database([], ['orders']), measured)).toEqual([]);
  });

  it('tells rows, and columns that came, went and changed their type', () => {
    const changes = compareProfiles(
      database([table('orders', [column('gone'), column('kept'), column('retyped')], 100)]),
      database([table('orders', [column('kept'), column('retyped', { type: 'VARCHAR' }), column('new')], 120)]),
    );
    expect(changes).toEqual([
      { source: 'main', kind: 'rows_changed', table: 'orders', before: '100 rows', after: '120 rows' },
      { source: 'main', kind: 'column_removed', table: 'orders', column: 'gone', before: 'BIGINT' },
      { source: 'main', kind: 'type_changed', table: 'orders', column: 'retyped', before: 'BIGINT', after: 'VARCHAR' },
      { source: 'main', kind: 'column_added', table: 'orders', column: 'new', after: 'BIGINT' },
    ]);
  });

  it('tells a null share that moved by five points, either way, and no smaller move', () => {
    expect(compareColumn(nulls(0.125), nulls(0.1875))).toEqual([
      { source: 'main', kind: 'nulls_changed', table: 'orders', column: 'x', before: '12.5 %', after: '18.8 %' },
    ]);
    expect(compareColumn(nulls(0.5), nulls(0.25))).toMatchObject([{ kind: 'nulls_changed' }]);
    expect(compareColumn(nulls(0.1), nulls(0.14))).toEqual([]);
  });

  it('tells a mean that moved by more than a deviation of the earlier values', () => {
    expect(compareColumn(mean(10, 2), mean(12.5, 9))).toEqual([
      { source: 'main', kind: 'mean_shifted', table: 'orders', column: 'x', before: '10', after: '12.5' },
    ]);
    expect(compareColumn(mean(10, 2), mean(12, 9))).toEqual([]);
    expect(compareColumn(mean(10, 0), mean(10, 0))).toEqual([]);
    expect(compareColumn(mean(10, 0), mean(11, 0))).toMatchObject([{ kind: 'mean_shifted' }]);
    expect(compareColumn({}, mean(11, 1))).toEqual([]);
  });

  it('tells new categories, where the earlier profile listed every value there was', () => {
    expect(compareColumn(categories('paid', 'sent'), categories('paid', 'sent', 'lost', 'void'))).toEqual([
      { source: 'main', kind: 'values_new', table: 'orders', column: 'x', after: 'lost, void' },
    ]);
    expect(compareColumn(categories('paid', 'sent'), categories('sent'))).toEqual([]);
    const partly = { ...categories('paid', 'sent'), distinct: { basis: 'exact', count: 900, share: 0.9 } } as const;
    expect(compareColumn(partly, categories('lost'))).toEqual([]);
    expect(compareColumn({}, categories('lost'))).toEqual([]);
  });
});
