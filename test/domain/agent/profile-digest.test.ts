import { describe, expect, it } from 'vitest';
import type { ColumnProfile, DatabaseProfile } from '../../../src/contracts/profile.ts';
import { ProfileDigest, digestByteLimit, digestProfile } from '../../../src/domain/profile-digest.ts';

const column = (index: number): ColumnProfile => ({
  name: `column_${index}`,
  type: 'VARCHAR',
  kind: 'text',
  nulls: { basis: 'exact', count: 3, share: 0.03 },
  distinct: { basis: 'approximate', count: 40, share: 0.4 },
  range: { basis: 'exact', min: 'a', max: 'z'.repeat(500) },
  lengths: { basis: 'exact', min: 1, max: 500, mean: 12.5 },
  top_values: {
    basis: 'sample',
    values: Array.from({ length: 30 }, (_, rank) => ({ value: `value ${rank}`, count: 100 - rank })),
  },
  histogram: { basis: 'exact', bins: [{ from: 0, to: 1, count: 7 }] },
  shapes: {
    basis: 'exact',
    values: 97,
    email: 90,
    phone: 0,
    card: 0,
    ip_address: 0,
    uuid: 0,
    url: 0,
    number: 0,
    time: 0,
    blank: 2,
    padded: 0,
  },
});

const database = (tables: number, columns: number): DatabaseProfile => ({
  engine: 'duckdb',
  engine_version: '1.5',
  failed: [{ table: 'broken', failure: { kind: 'STATEMENT_FAILED', message: 'x'.repeat(5_000) } }],
  tables: Array.from({ length: tables }, (_, index) => ({
    table: `table_${index}`,
    schema: {
      name: `table_${index}`,
      kind: 'file',
      columns: [],
      constraints: [{ kind: 'primary_key', columns: ['column_0'] }],
    },
    rows: { basis: 'exact', count: 100 },
    sample: { method: 'system', percent: 1, rows: 1 },
    columns: Array.from({ length: columns }, (__, at) => column(at)),
    duplicate_rows: { basis: 'approximate', count: 2 },
    statements: ['e0123456789ab'],
    profiled_at: '2026-01-31T12:00:00.000Z',
    milliseconds: 1,
  })),
});

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('The digest of a profile', () => {
  it('keeps the figures of a small database, says which are no exact ones, and leaves out histograms and zeros', () => {
    const digest = digestProfile(database(2, 3));
    expect(digest.notice).toBeUndefined();
    expect(digest.tables[0]).toMatchObject({
      table: 'table_0',
      rows: { count: 100 },
      constraints: [{ kind: 'primary_key' }],
      duplicate_rows: { basis: 'approximate', count: 2 },
    });
    expect(digest.tables[0]!.columns[1]).toEqual({
      name: 'column_1',
      type: 'VARCHAR',
      kind: 'text',
      nulls: { count: 3, share: 0.03 },
      distinct: { basis: 'approximate', count: 40, share: 0.4 },
      range: { min: 'a', max: `${'z'.repeat(79)}…` },
      lengths: { min: 1, max: 500, mean: 12.5 },
      top_values: { basis: 'sample', values: expect.objectContaining({ length: 10 }) },
      shapes: { values: 97, email: 90, blank: 2 },
    });
    expect(digest.failed[0]!.reason).toHaveLength(200);
  });

  it('says less of each column until it fits, and then of fewer tables, always with a notice', () => {
    const sizes: readonly (readonly [number, number])[] = [
      [5, 20],
      [9, 20],
      [40, 20],
      [10, 2_000],
      [3_000, 30],
    ];
    const notices = sizes.map(([tables, columns]) => {
      const digest = digestProfile(database(tables, columns));
      expect(bytes(digest)).toBeLessThanOrEqual(digestByteLimit);
      expect(ProfileDigest.parse(JSON.parse(JSON.stringify(digest)))).toEqual(digest);
      return digest.notice ?? '';
    });
    expect(notices[0]).toMatch(/at most 3 top values/);
    expect(notices[1]).toMatch(/only nulls, distinct values and range/);
    expect(notices[2]).toMatch(/only the names and types/);
    expect(notices[3]).toMatch(/at most 60 columns/);
    expect(notices[4]).toMatch(/\d+ of 3000 tables are left out altogether/);
  });
});
