import { describe, expect, it } from 'vitest';
import type { Findings } from '../../../src/contracts/finding.ts';
import type { TableProfile } from '../../../src/contracts/profile.ts';
import { outputLimit } from '../../../src/domain/agent/result-text.ts';
import { tableText } from '../../../src/domain/agent/table-text.ts';

const table = (columns: number): TableProfile => ({
  table: 'orders',
  schema: { name: 'orders', kind: 'table', columns: [], constraints: [] },
  rows: { basis: 'exact', count: 100 },
  columns: Array.from({ length: columns }, (_, index) => ({
    name: `column_${index}`,
    type: 'VARCHAR',
    kind: 'text',
    nulls: { basis: 'exact', count: 3, share: 0.03 },
    top_values: {
      basis: 'exact',
      values: Array.from({ length: 10 }, (__, rank) => ({ value: `value ${rank}`, count: 10 - rank })),
    },
  })),
  statements: ['e0123456789ab'],
  profiled_at: '2026-01-31T12:00:00.000Z',
  milliseconds: 1,
});

const found = (findings: number, pointing: number): Findings => ({
  rules: ['orphan'],
  findings: Array.from({ length: findings }, (_, index) => ({
    key: `orphan/main/orders/column_${index}`,
    rule: 'orphan',
    severity: 'high',
    place: { source: 'main', table: index === 0 ? 'others' : 'orders', columns: [`column_${index}`] },
    rows: 3,
    basis: 'exact',
    examples: [],
    evidence: ['e0123456789ab'],
    title: 't',
    detail: 'd'.repeat(100),
    advice: 'a',
  })),
  relationships: Array.from({ length: pointing }, (_, index) => ({
    source: 'main',
    from: { table: `t${index}`, columns: ['order_id'] },
    to: { table: 'orders', columns: ['column_0'] },
    basis: 'declared',
    evidence: [],
  })),
  keys: [],
  facts: [{ source: 'main', table: 'orders', text: 'a fact', evidence: [] }],
  not_looked_at: [{ source: 'main', table: 'orders', rule: 'orphan', reason: 'time', detail: 'too slow' }],
});

type Described = Record<string, readonly unknown[]> & { readonly notice?: string };

describe('A table as a model is told of it', () => {
  it('is all of it where it is small: its own findings, what points at it, what was learned, what was not looked at', () => {
    const described = JSON.parse(tableText('main', table(3), found(3, 2))) as Described;
    expect(described['columns']).toHaveLength(3);
    expect(described['findings']).toHaveLength(2);
    expect(described['relationships']).toHaveLength(2);
    expect(described['facts']).toEqual([{ text: 'a fact', evidence: [] }]);
    expect(described['not_looked_at']).toHaveLength(1);
    expect(described.notice).toBeUndefined();
  });

  it.each([
    [40, 3, 'at most 3 top values of each column'],
    [80, 3, 'only nulls, distinct values and range of each column'],
    [400, 3, 'only the names and types of at most 60 columns a table'],
  ])('of %i columns stays within its limit and says what is left out', (columns, findings, words) => {
    const text = tableText('main', table(columns), found(findings, 500));
    expect(text.length).toBeLessThanOrEqual(outputLimit);
    const described = JSON.parse(text) as Described;
    expect(described.notice).toContain(words);
    expect(described.notice).toMatch(/\d+ of 500 relationships are left out\./);
    expect(described['findings']).toHaveLength(findings - 1);
  });
});
