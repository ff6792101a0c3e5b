import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TableSchema } from '../../../src/contracts/schema.ts';
import { planProfile } from '../../../src/domain/profile/profile-plan.ts';
import { profileStatements } from '../../../src/domain/profile/profile-statements.ts';

const schema: TableSchema = {
  name: 'shop.orders',
  kind: 'table',
  constraints: [],
  columns: [
    { name: 'id', type: 'BIGINT', nullable: false },
    { name: 'note "free"', type: 'VARCHAR', nullable: true },
    { name: 'placed_at', type: 'TIMESTAMP', nullable: true },
    { name: 'weight', type: 'DOUBLE', nullable: true },
    { name: 'is_gift', type: 'BOOLEAN', nullable: true },
    { name: 'tags', type: 'VARCHAR[]', nullable: true },
  ],
};
const now = 1_750_000_000;

const golden = (name: string, facts: Parameters<typeof planProfile>[1]): void => {
  const file = join(import.meta.dirname, `../../golden/profile/${name}.sql`);
  const text = `${profileStatements(planProfile(schema, facts)).join(';\n\n')};\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
};

describe('the SQL of a profile', () => {
  it('measures a small table whole', () => golden('small-table', { rows: 1_000, now }));
  it('measures a large table in one pass and a sample', () => golden('large-table', { rows: 10_000_000, now }));
  it('looks at nothing but a sample in a preview', () =>
    golden('preview', { rows: 10_000_000, now, previewPercent: 1 }));
});
