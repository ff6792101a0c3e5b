import { expect, it } from 'vitest';
import type { NotLookedAt, TableFindings } from '../../../src/contracts/finding.ts';
import { outcomeOf } from '../../../src/contracts/outcome.ts';
import { mergeFindings } from '../../../src/domain/finding/merge-findings.ts';
import { missedParts } from '../../../src/domain/report/not-looked-at.ts';
import { countTotals } from '../../../src/domain/run/count-totals.ts';

const lost: NotLookedAt = {
  source: 'main',
  table: 'order',
  columns: ['customer_id'],
  rule: 'orphan',
  other_table: 'customer',
  reason: 'not_measured',
  detail: 'customer_id of order points at customer, which is not among the measured tables.',
};
const checked: TableFindings = {
  profiled_at: '2026-01-30T12:00:00.000Z',
  rules: ['orphan'],
  findings: [],
  relationships: [],
  keys: [],
  facts: [],
  not_looked_at: [lost],
};
const merged = (not_asked: readonly { readonly source: string; readonly tables: number }[]): readonly NotLookedAt[] =>
  mergeFindings({ rules: ['orphan'], profile: { databases: [] }, checked: [checked], failed: [], not_asked })
    .not_looked_at;
const totals = (all: readonly NotLookedAt[]) =>
  countTotals([], all, { without_findings: [], is_cut: false, changes: [] }, { changes: [] });

it('tables that were not asked for are counted, without their names, and are no gap', () => {
  const counted = merged([
    { source: 'main', tables: 3 },
    { source: 'rates', tables: 1 },
  ]).filter(({ reason }) => reason === 'not_asked');
  expect(counted).toEqual([
    { source: 'main', tables: 3, reason: 'not_asked', detail: '3 tables of main are outside this run.' },
    { source: 'rates', tables: 1, reason: 'not_asked', detail: '1 table of rates is outside this run.' },
  ]);
  expect(totals(counted)).toMatchObject({ gaps: 0, tables_not_asked: 4 });
  expect(outcomeOf(totals(counted))).toBe('succeeded');
});

it('tables that a run of before knew by name are counted once each', () => {
  const named = { source: 'main', table: 'customer', reason: 'not_asked', detail: '-' } as const;
  expect(totals([named, named, { ...named, table: 'order' }])).toMatchObject({ tables_not_asked: 2 });
});

it('rows that could not be read are a gap of a table that was looked at all the same', () => {
  const table = {
    table: 'sales',
    schema: {
      name: 'sales',
      kind: 'file' as const,
      columns: [],
      constraints: [],
      notes: [
        { kind: 'left_out' as const, detail: 'line 31 has one field of 3.' },
        { kind: 'read_as' as const, detail: 'Read as Latin-1.' },
      ],
    },
    rows: { basis: 'exact' as const, count: 29 },
    columns: [],
    statements: [],
    profiled_at: '2026-01-30T12:00:00.000Z',
    milliseconds: 1,
  };
  const database = { source: 'main', label: 'sales', engine: 'duckdb', engine_version: 'v1' };
  const profile = { databases: [{ ...database, tables: [table], failed: [], not_visible: [] }] };
  const found = mergeFindings({ rules: [], profile, checked: [], failed: [], not_asked: [] });
  expect(found.not_looked_at).toEqual([
    { source: 'main', table: 'sales', reason: 'left_out', detail: 'sales: line 31 has one field of 3.' },
  ]);
  expect(missedParts(found, profile)).toEqual(['1 table has rows or columns that were left out']);
  expect(outcomeOf(totals(found.not_looked_at))).toBe('succeeded_with_gaps');
});

it('one that would have needed a table that could not be measured is a gap', () => {
  const all = merged([]);
  expect(all).toEqual([lost]);
  expect(outcomeOf(totals(all))).toBe('succeeded_with_gaps');
});
