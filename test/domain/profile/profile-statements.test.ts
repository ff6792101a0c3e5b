import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TableSchema } from '../../../src/contracts/schema.ts';
import { planProfile } from '../../../src/domain/profile/plan-profile.ts';
import { profileStatements } from '../../../src/domain/profile/profile-statements.ts';

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

describe('the statements of a profile', () => {
  it.each([
    ['small table', { rows: 10_000, previewPercent: undefined }],
    ['large table', { rows: 10_000_000, previewPercent: undefined }],
    ['preview', { rows: 10_000_000, previewPercent: 1 }],
  ])('of a %s are the ones on file', (name, facts) => {
    const file = new URL(`../../golden/profile/${name.replace(' ', '-')}.sql`, import.meta.url);
    const sql = `${profileStatements(planProfile('duckdb', { ...orders, estimated_rows: facts.rows }, { ...facts, look: undefined, now })).join(';\n\n')};\n`;
    // A wanted change of the SQL: UPDATE_GOLDEN=1, and read the difference.
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, sql);
    expect(sql).toBe(readFileSync(file, 'utf8'));
  });

  it('stay below the length that a sandbox takes, however long the names are', () => {
    const columns = Array.from({ length: 300 }, (_, at) =>
      column(`${'wide '.repeat(200)}${at}`, at % 2 ? 'VARCHAR' : 'DOUBLE'),
    );
    for (const rows of [10, 10_000_000]) {
      const statements = profileStatements(planProfile('duckdb', { ...orders, columns, estimated_rows: rows }, { look: undefined, now }));
      expect(Math.max(...statements.map(({ length }) => length))).toBeLessThan(100_000);
    }
  });
});
