import { describe, expect, it } from 'vitest';
import type { ColumnProfile, TableProfile } from '../../../src/contracts/profile.ts';
import { compareRuns } from '../../../src/domain/drift/compare-runs.ts';
import { type Planned, ref, survey } from './surveys.ts';

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

/** What is different in the last of several surveys of one database. */
const drift = (...surveys: readonly Planned[]) => {
  const [later, ...earlier] = surveys.map((one, index) => survey(index, one)).toReversed();
  return compareRuns(later!, earlier);
};

const changesOf = (before: readonly TableProfile[], after: readonly TableProfile[]) =>
  drift({ tables: before }, { tables: after }).changes;

const compareColumn = (before: Partial<ColumnProfile>, after: Partial<ColumnProfile>) =>
  changesOf([table('orders', [column('x', before)])], [table('orders', [column('x', after)])]);

const nulls = (share: number): Partial<ColumnProfile> => ({ nulls: { basis: 'exact', count: share * 1_000, share } });
const mean = (value: number, deviation: number): Partial<ColumnProfile> => ({
  moments: { basis: 'exact', mean: value, deviation },
});
const categories = (...values: readonly string[]): Partial<ColumnProfile> => ({
  distinct: { basis: 'exact', count: values.length, share: 0.1 },
  top_values: { basis: 'exact', values: values.map((value) => ({ value, count: 10 })) },
});

describe('comparing the profiles of runs', () => {
  it('marks a view that came or went as one', () => {
    const view = {
      ...table('recent', []),
      schema: { name: 'recent', kind: 'view', columns: [], constraints: [] },
    } as const;
    expect(changesOf([], [view])).toEqual([
      { source: 'main', kind: 'table_added', table: 'recent', is_view: true, after: '100 rows' },
    ]);
    expect(changesOf([view], [])[0]).toMatchObject({ kind: 'table_removed', is_view: true });
  });

  it('finds nothing between a profile and itself', () => {
    const tables = [table('orders', [column('x', { ...mean(3, 1), ...categories('a', 'b') })])];
    expect(drift({ tables }, { tables })).toEqual({ since: ref(0), changes: [], not_looked_at: [] });
  });

  it('tells tables that came and went, in the order of their names', () => {
    const changes = changesOf(
      [table('b', [], 7), table('same', [])],
      [table('same', []), table('c', [], 9), table('a', [], 8)],
    );
    expect(changes).toEqual([
      { source: 'main', kind: 'table_added', table: 'a', after: '8 rows' },
      { source: 'main', kind: 'table_removed', table: 'b', before: '7 rows' },
      { source: 'main', kind: 'table_added', table: 'c', after: '9 rows' },
    ]);
  });

  it('tells a table that one of the runs could not measure as not looked at, and nothing else of it', () => {
    const measured = { tables: [table('orders', [])] };
    const unmeasured = { tables: [], failed: ['orders'] };
    const gap = { source: 'main', table: 'orders', reason: 'not_measured', detail: 'orders could not be measured: no' };
    expect(drift(measured, unmeasured)).toEqual({
      since: ref(0),
      changes: [],
      not_looked_at: [{ ...gap, by: 'this_run' }],
    });
    expect(drift(unmeasured, measured)).toEqual({
      since: ref(0),
      changes: [],
      not_looked_at: [{ ...gap, by: 'runs_before' }],
    });
  });

  it('never takes a table that a role may no longer read for one that was removed', () => {
    const hidden = { what: 'table', name: 'orders', detail: 'GRANT SELECT would show it.' } as const;
    const gap = { source: 'main', table: 'orders', reason: 'not_visible', detail: 'GRANT SELECT would show it.' };
    const seen = { tables: [table('orders', []), table('kept', [])] };
    const revoked = { tables: [table('kept', [])], not_visible: [hidden] };
    expect(drift(seen, revoked)).toMatchObject({ changes: [], not_looked_at: [{ ...gap, by: 'this_run' }] });
    // Nor one that it may read again for a new one: it is compared with the run that could see it.
    expect(drift(seen, revoked, { tables: [table('orders', [], 101), table('kept', [])] })).toEqual({
      since: ref(1),
      changes: [
        { source: 'main', kind: 'rows_changed', table: 'orders', before: '100 rows', after: '101 rows', since: ref(0) },
      ],
      not_looked_at: [],
    });
    expect(drift(revoked, seen)).toMatchObject({ changes: [], not_looked_at: [{ ...gap, by: 'runs_before' }] });
    const crowd = { ...hidden, name: 'crowd', tables: ['crowd.a', 'crowd.b'] };
    expect(
      drift({ tables: [table('crowd.a', [])] }, { tables: [table('kept', [])], not_visible: [crowd] }).changes,
    ).toEqual([{ source: 'main', kind: 'table_added', table: 'kept', after: '100 rows' }]);
  });

  it('takes a column that a role may no longer read neither for removed nor, later, for added', () => {
    const hidden = { what: 'columns', name: 'orders', detail: 'GRANT SELECT (card) would show it.' } as const;
    const seen = { tables: [table('orders', [column('id'), column('card')])] };
    const revoked = { tables: [table('orders', [column('id')])], not_visible: [hidden] };
    const gap = { source: 'main', table: 'orders', column: 'card', reason: 'not_visible', detail: hidden.detail };
    expect(drift(seen, revoked)).toMatchObject({ changes: [], not_looked_at: [{ ...gap, by: 'this_run' }] });
    expect(drift(revoked, seen)).toMatchObject({ changes: [], not_looked_at: [{ ...gap, by: 'runs_before' }] });
  });

  it('compares what a survey of one table left out with the survey before it', () => {
    const all = (rows: number) => ({ tables: [table('a', [], rows), table('b', [], rows), table('c', [], rows)] });
    const one = { tables: [table('b', [], 5)], asked: ['b'] };
    expect(drift(all(5), one)).toEqual({
      since: ref(0),
      changes: [],
      not_looked_at: [
        {
          source: 'main',
          tables: 2,
          by: 'this_run',
          reason: 'not_asked',
          detail: '2 tables of the surveys before are outside this run.',
        },
      ],
    });
    expect(drift(all(5), one, all(5))).toEqual({ since: ref(1), changes: [], not_looked_at: [] });
    const grown = { source: 'main', kind: 'rows_changed', before: '5 rows', after: '6 rows' };
    expect(drift(all(5), one, all(6)).changes).toEqual([
      { ...grown, table: 'a', since: ref(0) },
      { ...grown, table: 'b' },
      { ...grown, table: 'c', since: ref(0) },
    ]);
    // What was already gone by then is not told again.
    expect(drift(all(5), { tables: [] }, one, { tables: [table('b', [])] }).changes).toMatchObject([{ table: 'b' }]);
  });

  it('says so of a database that could not be opened, and of one that was not surveyed before', () => {
    const tables = [table('orders', [])];
    expect(drift({ tables }, { tables: [], failure: 'refused' })).toMatchObject({
      changes: [],
      not_looked_at: [{ source: 'main', by: 'this_run', reason: 'not_measured' }],
    });
    const later = survey(1, { tables });
    const other = { ...survey(0, { tables }), run: { ...survey(0, { tables }).run, sources: [] } };
    expect(compareRuns(later, [other])).toEqual({ changes: [], not_looked_at: [] });
  });

  it('tells rows, and columns that came, went and changed their type', () => {
    const changes = changesOf(
      [table('orders', [column('gone'), column('kept'), column('retyped')], 100)],
      [table('orders', [column('kept'), column('retyped', { type: 'VARCHAR' }), column('new')], 120)],
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

  it('tells no mean of identifiers, and of others no digits that say nothing', () => {
    const ofColumn = (name: string) =>
      changesOf(
        [table('orders', [column(name, mean(572.144444444, 2))])],
        [table('orders', [column(name, mean(3_665.52430278884, 9))])],
      );
    expect(ofColumn('customer_id')).toEqual([]);
    expect(ofColumn('weight')).toMatchObject([{ kind: 'mean_shifted', before: '572', after: '3666' }]);
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
