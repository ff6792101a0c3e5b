import { describe, expect, it } from 'vitest';
import type { Basis, ColumnProfile, DatabaseProfile } from '../../../src/contracts/profile.ts';
import { digestByteLimit, digestProfile } from '../../../src/domain/profile-digest/digest-profile.ts';
import { ProfileDigest } from '../../../src/domain/profile-digest.ts';

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

const database = (tables: number, columns: number, source = 'shop'): DatabaseProfile => ({
  source,
  label: `files:${source}`,
  not_visible: [],
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
    const digest = digestProfile({ databases: [database(2, 3)] });
    expect(digest.notice).toBeUndefined();
    expect(digest.legend).toBeUndefined();
    const [shop] = digest.databases;
    expect(shop).toMatchObject({ source: 'shop', engine: 'duckdb', engine_version: '1.5' });
    expect(shop!.tables[0]).toMatchObject({
      table: 'table_0',
      rows: { count: 100 },
      constraints: [{ kind: 'primary_key' }],
      duplicate_rows: { basis: 'approximate', count: 2 },
    });
    expect(shop!.tables[0]!.columns[1]).toEqual({
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
    expect(shop!.failed[0]!.reason).toHaveLength(200);
  });

  it('tells a view from a table, what a domain is made of, and what the database says of both', () => {
    const [table] = database(1, 2).tables;
    const declared = { name: 'column_0', type: 'mood', base_type: 'enum', nullable: true, comment: 'How it went' };
    const view = {
      ...table!,
      schema: { ...table!.schema, kind: 'view' as const, columns: [declared], comment: 'c'.repeat(900) },
    };
    const digest = digestProfile({ databases: [{ ...database(0, 0), tables: [view] }] });
    expect(digest.databases[0]!.tables[0]).toMatchObject({ kind: 'view', comment: `${'c'.repeat(199)}…` });
    expect(digest.databases[0]!.tables[0]!.columns[0]).toMatchObject({ base_type: 'enum', comment: 'How it went' });
    expect(digest.databases[0]!.tables[0]!.columns[1]).not.toHaveProperty('comment');
  });

  it('says how to read estimates of the planner and what cannot be seen, and why a database is not there', () => {
    const hidden = Array.from({ length: 50 }, (_, index) => ({
      what: 'constraints' as const,
      name: `table_${index}`,
      detail: 'Grant SELECT on it.',
    }));
    const planned: ColumnProfile = { ...column(0), nulls: { basis: 'planner' satisfies Basis, count: 3, share: 0.03 } };
    const [table] = database(1, 1).tables;
    const digest = digestProfile({
      databases: [
        { ...database(0, 0), tables: [{ ...table!, columns: [planned] }], not_visible: hidden },
        {
          ...database(0, 0, 'crm'),
          engine_version: '',
          failed: [],
          failure: { kind: 'DATABASE_UNREACHABLE', message: 'crm.example:5432 does not answer.' },
        },
      ],
    });
    expect(digest.legend).toMatch(/planner.*ANALYZE.*not_visible.*never call it absent/);
    const [shop, crm] = digest.databases;
    expect(shop!.tables[0]!.columns[0]!.nulls).toEqual({ basis: 'planner', count: 3, share: 0.03 });
    expect(shop!.not_visible).toEqual([
      { what: 'constraints', names: expect.objectContaining({ length: 20 }), more: 30, detail: 'Grant SELECT on it.' },
    ]);
    expect(crm).toEqual({
      source: 'crm',
      engine: 'duckdb',
      engine_version: '',
      failure: 'crm.example:5432 does not answer.',
      tables: [],
      failed: [],
    });
    expect(ProfileDigest.parse(digest)).toEqual(digest);
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
      const digest = digestProfile({ databases: [database(tables, columns)] });
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

  it('lists the first failures of a database that was lost midway, and how many there were', () => {
    const [broken] = database(0, 0).failed;
    const lost = { ...database(0, 0), failed: Array.from({ length: 900 }, () => broken!) };
    const [shop] = digestProfile({ databases: [lost] }).databases;
    expect(shop!.failed).toHaveLength(40);
    expect(shop!.all).toEqual({ tables: 0, views: 0, rows: 0, failed: 900 });
  });

  it('takes room from the database with the most tables, not from a small one beside it', () => {
    const digest = digestProfile({ databases: [database(4, 10, 'small'), database(3_000, 30, 'huge')] });
    expect(bytes(digest)).toBeLessThanOrEqual(digestByteLimit);
    const [small, huge] = digest.databases;
    expect(small!.tables).toHaveLength(4);
    expect(huge!.tables.length).toBeGreaterThan(4);
    expect(digest.notice).toMatch(/of 3004 tables are left out/);
    expect(small!.all).toBeUndefined();
    expect(huge!.all).toEqual({ tables: 3_000, views: 0, rows: 300_000, failed: 1 });
    expect(digest.left_out).not.toMatch(/SQL/);
  });
});
