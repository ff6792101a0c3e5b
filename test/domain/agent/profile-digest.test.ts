import { describe, expect, it } from 'vitest';
import type { Finding, NotLookedAt } from '../../../src/contracts/finding.ts';
import type { Basis, ColumnProfile, DatabaseProfile } from '../../../src/contracts/profile.ts';
import { digestByteLimit, digestProfile } from '../../../src/domain/profile-digest/digest-profile.ts';
import { FindingsDigest, ProfileDigest } from '../../../src/domain/profile-digest.ts';
import { digestFindings, findingsByteLimit } from '../../../src/domain/profile-digest/digest-findings.ts';

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

const finding = (severity: Finding['severity'], table: string, detail = 'Three rows.'): Finding => ({
  key: `orphan/shop/${table}/id`,
  rule: 'orphan',
  severity,
  place: { source: 'shop', table, columns: ['id'] },
  rows: 3,
  basis: 'exact',
  examples: [],
  evidence: ['e0123456789ab'],
  title: 'id points at rows that do not exist',
  detail,
  advice: 'Mend it.',
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
      map: [],
      tables: [],
      failed: [],
    });
    expect(ProfileDigest.parse(digest)).toEqual(digest);
  });

  it('names every table in a map, with its rows, columns, key and findings, and what it is', () => {
    const [first, second] = database(2, 3).tables;
    const view = { ...second!, schema: { ...second!.schema, kind: 'view' as const, constraints: [] } };
    const profile = { databases: [{ ...database(0, 0), tables: [first!, view] }] };
    const digest = digestProfile(profile, {
      findings: [finding('high', 'table_1'), finding('low', 'table_1')],
      relationships: [],
      keys: [{ source: 'shop', table: 'table_1', columns: ['column_1', 'column_2'], basis: 'measured', evidence: [] }],
    });
    expect(digest.map_columns).toEqual(['table', 'rows', 'columns', 'key', 'findings', 'kind']);
    expect(digest.databases[0]!.map).toEqual([
      ['table_0', 100, 3, 'column_0', 0],
      ['table_1', 100, 3, 'column_1, column_2', 2, 'view'],
    ]);
  });

  it('says less of each column until it fits, always with a notice of how to fetch the rest', () => {
    const notices = [
      [5, 20],
      [9, 20],
    ].map(([tables = 0, columns = 0]) => {
      const digest = digestProfile({ databases: [database(tables, columns)] });
      expect(bytes(digest)).toBeLessThanOrEqual(digestByteLimit);
      expect(digest.databases[0]!.tables).toHaveLength(tables);
      expect(ProfileDigest.parse(JSON.parse(JSON.stringify(digest)))).toEqual(digest);
      return digest.notice ?? '';
    });
    expect(notices[0]).toMatch(/at most 3 top values/);
    expect(notices[1]).toMatch(/only nulls, distinct values and range/);
    for (const notice of notices) expect(notice).toContain('describe_table');
  });

  it.each([
    [40, 20],
    [10, 2_000],
    [1_000, 30],
  ])('of %i tables of %i columns names all, and tells some in detail, within its limit', (tables, columns) => {
    const digest = digestProfile({ databases: [database(tables, columns)] });
    const [shop] = digest.databases;
    expect(bytes(digest)).toBeLessThanOrEqual(digestByteLimit);
    expect(shop!.map.map(([name]) => name)).toEqual(database(tables, 0).tables.map(({ table }) => table));
    expect(shop!.tables.length).toBeGreaterThan(0);
    const [first, last] = [shop!.tables[0]!, shop!.tables.at(-1)!].map((table) => bytes(table.columns));
    expect(first).toBeGreaterThanOrEqual(last!);
    expect(digest.notice).toBe(
      `Every table stands in the map; ${shop!.tables.length} of ${tables} are told in detail, those with the gravest findings and the most rows first and fullest. Fetch all of any table with describe_table.`,
    );
  });

  it('tells the tables with the gravest findings in detail before all others', () => {
    const digest = digestProfile(
      { databases: [database(1_000, 30)] },
      { findings: [finding('high', 'table_777'), finding('low', 'table_888')], relationships: [], keys: [] },
    );
    const told = digest.databases[0]!.tables.map(({ table }) => table);
    expect(told).toContain('table_777');
    expect(told).toContain('table_888');
    const gravest = digest.databases[0]!.tables.find(({ table }) => table === 'table_777');
    expect(gravest!.columns[0]).toHaveProperty('nulls');
  });

  it('names all tables even where their names alone are more than its limit', () => {
    const long = database(1_000, 2);
    const tables = long.tables.map((table) => ({ ...table, table: `${table.table}_${'n'.repeat(100)}` }));
    const digest = digestProfile({ databases: [{ ...long, tables }] });
    expect(digest.databases[0]!.map).toHaveLength(1_000);
    expect(digest.databases[0]!.tables).toHaveLength(0);
    expect(digest.notice).toMatch(/^Every table stands in the map; 0 of 1000 are told in detail/);
  });

  it('gives the reasons of the first failures of a database that was lost midway, and the names of the others', () => {
    const [broken] = database(0, 0).failed;
    const failed = Array.from({ length: 900 }, (_, index) => ({ ...broken!, table: `lost_${index}` }));
    const [shop] = digestProfile({ databases: [{ ...database(0, 0), failed }] }).databases;
    expect(shop!.failed).toHaveLength(40);
    expect(shop!.failed_too).toHaveLength(860);
    expect(shop!.failed_too!.at(-1)).toBe('lost_899');
  });

  it('does not let a database with many tables take all the room from a small one beside it', () => {
    const digest = digestProfile({ databases: [database(4, 10, 'small'), database(996, 30, 'huge')] });
    expect(bytes(digest)).toBeLessThanOrEqual(digestByteLimit);
    const [small, huge] = digest.databases;
    expect(small!.map).toHaveLength(4);
    expect(huge!.map).toHaveLength(996);
  });
});

describe('The digest of findings', () => {
  const listed = Array.from({ length: 200 }, (_, index) =>
    finding(index < 3 ? 'high' : 'medium', `table_${index}`, 'd'.repeat(900)),
  );

  it('lists the most severe, as many as fit, and says how many more there are', () => {
    const digest = digestFindings({ findings: listed, not_looked_at: [] });
    expect(bytes(digest.findings)).toBeLessThanOrEqual(findingsByteLimit + 100);
    expect(digest.findings.slice(0, 3).map(({ severity }) => severity)).toEqual(['high', 'high', 'high']);
    expect(digest.findings[0]).toMatchObject({ key: 'orphan/shop/table_0/id', rows: 3, detail: 'd'.repeat(400) });
    expect(digest.totals).toEqual({ high: 3, medium: 197, low: 0, personal_columns: 0 });
    expect(digest.notice).toMatch(new RegExp(`^${200 - digest.findings.length} more of lesser severity`));
    expect(FindingsDigest.parse(digest)).toEqual(digest);
  });

  it('counts columns with personal data once, and tells what was not looked at apart from what was not asked for', () => {
    const personal = ['a', 'b'].map((part) => ({
      ...finding('low', 'people'),
      rule: 'personal-data',
      key: part,
    }));
    const gap = (reason: NotLookedAt['reason'], index: number): NotLookedAt => ({
      source: 'shop',
      table: `t${index}`,
      reason,
      detail: 'x'.repeat(500),
    });
    const digest = digestFindings({
      findings: personal,
      not_looked_at: [
        ...Array.from({ length: 50 }, (_, index) => gap('time', index)),
        ...Array.from({ length: 7 }, (_, index) => gap('not_asked', index)),
      ],
    });
    expect(digest.totals.personal_columns).toBe(1);
    expect(digest.not_looked_at).toHaveLength(40);
    expect(digest.not_looked_at_too).toBe(10);
    expect(digest.not_asked).toBe(7);
  });
});
