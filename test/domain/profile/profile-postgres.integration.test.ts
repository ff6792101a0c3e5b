import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnProfile, TableProfile } from '../../../src/contracts/profile.ts';
import { quoteName } from '../../../src/domain/sql-name.ts';
import { isMissing } from '../../support/is-missing.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres-server.ts';
import { profileInPostgres } from './profile-in-postgres.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const columnOf = (profile: TableProfile, name: string): ColumnProfile => {
  const found = profile.columns.find((column) => column.name === name);
  if (found === undefined) throw new Error(`There is no column ${name}.`);
  return found;
};

/** Types, values of them that statements have failed on elsewhere, and what a profile makes of them. */
const oddities: readonly (readonly [
  type: string,
  values: readonly string[],
  expected: {
    readonly kind: ColumnProfile['kind'];
    readonly distinct?: number;
    readonly range?: readonly [unknown, unknown];
  },
])[] = [
  [
    'float8',
    ["'NaN'", "'Infinity'", "'-Infinity'", '1.5', '-1e308', '1e308'],
    { kind: 'number', distinct: 6, range: [-1e308, 1e308] },
  ],
  ['float4', ["'NaN'", '3e38', '1e-45'], { kind: 'number', distinct: 3, range: [1e-45, 3e38] }],
  [
    'numeric',
    [`'${'9'.repeat(1_000)}'`, "'NaN'", "'1e-1000'", "'Infinity'", '2'],
    { kind: 'number', distinct: 5, range: [0, '9'.repeat(1_000)] },
  ],
  ['numeric(10,2)', ["'NaN'", '1.25', '-3'], { kind: 'number', distinct: 3, range: [-3, 1.25] }],
  [
    'bigint',
    ['9223372036854775807', '-9223372036854775808'],
    { kind: 'number', distinct: 2, range: ['-9223372036854775808', '9223372036854775807'] },
  ],
  ['money', ["'12.50'", "'-1'"], { kind: 'number', distinct: 2, range: [-1, 12.5] }],
  [
    'date',
    ["'infinity'", "'-infinity'", "'5874897-12-31'", "'4713-01-01 BC'"],
    { kind: 'time', distinct: 4, range: ['4713-01-01 BC', '5874897-12-31'] },
  ],
  [
    'timestamp',
    ["'infinity'", "'294276-12-31 23:59:59'", "'2024-01-31 12:00:00.5'"],
    { kind: 'time', distinct: 3, range: ['2024-01-31 12:00:00.5', '294276-12-31 23:59:59'] },
  ],
  [
    'timestamptz',
    ["'-infinity'", "'2024-01-31 12:00:00+02'"],
    { kind: 'time', distinct: 2, range: ['2024-01-31 10:00:00+00', '2024-01-31 10:00:00+00'] },
  ],
  ['boolean', ['true', 'false', 'true'], { kind: 'boolean', distinct: 2 }],
  ['text', ["'a'", "'A'", "repeat('x', 1000000)", "''"], { kind: 'text', distinct: 4, range: ['', 'x'.repeat(200)] }],
  ['char(5)', ["'ab'", "'ab '"], { kind: 'text', distinct: 1, range: ['ab', 'ab'] }],
  ['mood', ["'sad'", "'happy'"], { kind: 'text', distinct: 2, range: ['happy', 'sad'] }],
  ['positive', ['1', '2'], { kind: 'number', distinct: 2, range: [1, 2] }],
  ['uuid', ["'4ac7a9e9-607c-4c8a-84f3-843f0191e3fd'"], { kind: 'other', distinct: 1 }],
  ['interval', ["'1 month'", "'30 days'"], { kind: 'other', distinct: 1 }],
  ['interval year to month', ["'1 month'"], { kind: 'other', distinct: 1 }],
  ['time', ["'24:00'"], { kind: 'other', distinct: 1 }],
  ['timetz', ["'10:00+02'"], { kind: 'other', distinct: 1 }],
  ['inet', ["'10.0.0.1'", "'fe80::1'"], { kind: 'other', distinct: 2 }],
  ['bit(3)', ["B'101'"], { kind: 'other', distinct: 1 }],
  ['int4range', ["'[1,5)'", "'empty'"], { kind: 'other', distinct: 2 }],
  ['bytea', [String.raw`'\xdeadbeef'`], { kind: 'other' }],
  ['json', [`'{"a": 1}'`], { kind: 'other' }],
  ['jsonb', [`'{"a": 1}'`], { kind: 'other' }],
  ['xml', ["'<a/>'"], { kind: 'other' }],
  ['point', ["'(1,2)'"], { kind: 'other' }],
  ['int[]', ["'{1,2}'", "'{}'"], { kind: 'other' }],
  ['mood[]', ["'{sad}'"], { kind: 'other' }],
  ['tsvector', ["'a b'"], { kind: 'other' }],
  ['pair', ['ROW(1, NULL)', 'ROW(NULL, NULL)'], { kind: 'other' }],
  ['upper_text', ["'X'"], { kind: 'text', distinct: 1, range: ['X', 'X'] }],
];

/** Of these types two of the values above are written the same. */
const alike: Readonly<Record<string, number>> = { boolean: 1, 'char(5)': 1 };

describe.skipIf(isMissing('postgres'))('the profile of a PostgreSQL table', () => {
  let server: PostgresServer;
  let client: pg.Client;
  const measure = (name: string, previewPercent?: number): Promise<TableProfile> =>
    profileInPostgres(client, name, previewPercent === undefined ? {} : { previewPercent });
  beforeAll(async () => {
    server = await startPostgres();
    client = new pg.Client({ connectionString: server.url() });
    await client.connect();
    await client.query(`CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE DOMAIN positive AS int CHECK (VALUE > 0);
      CREATE TYPE pair AS (a int, b text); CREATE DOMAIN upper_text AS varchar(10) CHECK (VALUE = upper(VALUE))`);
  }, 60_000);
  afterAll(async () => {
    await client.end();
    await server.stop();
  });

  it.each(oddities)('measures %s', async (type, values, { kind, distinct, range }) => {
    await client.query(`DROP TABLE IF EXISTS odd CASCADE; CREATE TABLE odd (x ${type});
      INSERT INTO odd VALUES ${values.map((value) => `(${value})`).join(', ')}, (NULL); CREATE VIEW odd_view AS TABLE odd`);
    for (const [table, percent] of [
      ['odd', undefined],
      ['odd_view', undefined],
      ['odd', 100],
      ['odd_view', 100],
    ] as const) {
      const profile = await measure(table, percent);
      const x = columnOf(profile, 'x');
      expect([x.kind, x.nulls.count, x.distinct?.count]).toEqual([kind, 1, distinct]);
      expect([x.range?.min, x.range?.max]).toEqual(range ?? [undefined, undefined]);
      expect(profile.duplicate_rows?.count).toBe(percent === undefined ? (alike[type] ?? 0) : undefined);
    }
    for (const nothing of ['TRUNCATE odd', 'INSERT INTO odd VALUES (NULL), (NULL)']) {
      await client.query(nothing);
      const x = columnOf(await measure('odd'), 'x');
      expect([x.nulls.share, x.range, x.top_values, x.quantiles, x.shapes]).toEqual([
        nothing.startsWith('TRUNCATE') ? 0 : 1,
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
    }
  });

  it('counts the rows of a table that has no column', async () => {
    await client.query(
      'CREATE TABLE nothing(); INSERT INTO nothing DEFAULT VALUES; INSERT INTO nothing DEFAULT VALUES',
    );
    const found = await measure('nothing');
    expect([found.rows, found.columns]).toEqual([{ basis: 'exact', count: 2 }, []]);
  });

  it('takes three statements for 300 columns of all kinds, two more for eight of long decimals, and three for doubles alone', async () => {
    const kinds = [
      'i',
      'i / 7.0',
      "'text ' || i",
      'i % 2 = 0',
      "TIMESTAMP '2024-01-01' + make_interval(hours => i)",
      'ARRAY[i]',
    ];
    const columns = Array.from(
      { length: 300 },
      (_, at) => `${kinds[at % kinds.length]} AS ${quoteName(`spälte "${at}"`)}`,
    );
    await client.query(`CREATE TABLE "Wide.Table" AS SELECT ${columns.join(', ')} FROM generate_series(0, 39) AS g(i);
      CREATE TABLE numbers AS SELECT ${Array.from({ length: 300 }, (_, at) => `i + ${at}::float8 AS number_${at}`).join(', ')} FROM generate_series(0, 39) AS g(i)`);
    const wide = await measure('"Wide.Table"');
    // The 50 columns of sevenths have 20 digits.
    expect(wide.statements.length).toBeLessThanOrEqual(3 + 2 * Math.ceil(50 / 8));
    expect(wide.columns[294]?.range).toEqual({ basis: 'exact', min: 0, max: 39 });
    expect(wide.columns[299]).toMatchObject({ kind: 'other', nulls: { count: 0 } });
    const numbers = await measure('numbers');
    expect(Math.max(...numbers.statements.map(({ length }) => length))).toBeLessThan(200_000);
    // Of doubles alone, the longest to write.
    expect([numbers.statements.length, numbers.columns[299]?.quantiles?.p50]).toEqual([3, 318.5]);
  });

  describe('of 450,000 rows', () => {
    const rows = 450_000;
    beforeAll(async () => {
      await client.query(`CREATE TABLE large (id bigint PRIMARY KEY, category int, word text, x float8, flag boolean);
        INSERT INTO large SELECT i, i % 8, 'word ' || i % 1000, CASE WHEN i % 4 > 0 THEN i / 2.0 END, i % 2 = 0 FROM generate_series(0, ${rows - 1}) AS g(i);
        CREATE TABLE unanalysed AS SELECT id, category FROM large;
        ANALYZE large;
        CREATE VIEW large_view AS TABLE large;
        CREATE MATERIALIZED VIEW large_copy AS TABLE large;
        CREATE TABLE parts (id bigint, category int) PARTITION BY HASH (id);
        CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        INSERT INTO parts SELECT id, category FROM large;
        ANALYZE parts, large_copy`);
    }, 60_000);

    it('is exact where one pass gives it, from the planner or a sample elsewhere, and says which', async () => {
      const profile = await measure('large');
      expect(profile.rows).toEqual({ basis: 'exact', count: rows });
      expect(profile.statements).toHaveLength(3);
      expect(profile.sample).toMatchObject({ method: 'system', percent: 6.67 });
      const [id, category, word, x] = ['id', 'category', 'word', 'x'].map((name) => columnOf(profile, name));
      expect(id?.range).toEqual({ basis: 'exact', min: 0, max: rows - 1 });
      expect(id?.distinct).toEqual({ basis: 'exact', count: rows, share: 1 });
      expect(category?.distinct).toEqual({ basis: 'planner', count: 8, share: 8 / rows });
      expect(word?.distinct).toEqual({ basis: 'planner', count: 1_000, share: 1_000 / rows });
      expect(x?.nulls).toEqual({ basis: 'exact', count: rows / 4, share: 0.25 });
      expect(x?.moments?.mean).toBeCloseTo(rows / 4, 6);
      expect([x?.quantiles?.basis, x?.histogram?.basis, word?.lengths?.basis]).toEqual(['sample', 'sample', 'sample']);
      const sampled = profile.sample?.rows ?? 0;
      expect(Math.abs(sampled / 30_000 - 1)).toBeLessThan(0.3);
      expect(sum((id?.histogram?.bins ?? []).map(({ count }) => count))).toBe(sampled);
      expect(sum((category?.top_values?.values ?? []).map(({ count }) => count))).toBe(sampled);
      expect(word?.shapes?.values).toBe(sampled);
      expect(Math.abs(Number(id?.quantiles?.p50) / rows - 0.5)).toBeLessThan(0.05);
    });

    it.each([
      ['large', 'system', 'planner'],
      ['large_copy', 'system', 'planner'],
      ['parts', 'system', 'planner'],
      ['unanalysed', 'system', 'exact'],
      ['large_view', 'first rows', 'exact'],
    ])('of %s is measured and previewed: sample by %s, rows from %s', async (table, method, basis) => {
      const whole = await measure(table);
      expect([whole.rows, whole.statements.length]).toEqual([{ basis: 'exact', count: rows }, 3]);
      expect(whole.sample?.method).toBe(table === 'large_view' ? 'random' : 'system');
      const preview = await measure(table, 1);
      expect(preview.sample?.method).toBe(method);
      expect(preview.rows.basis).toBe(basis);
      expect(Math.abs(preview.rows.count / rows - 1)).toBeLessThan(0.05);
      const id = columnOf(preview, 'id');
      expect(id.nulls).toEqual({ basis: 'sample', count: 0, share: 0 });
      expect(sum((id.histogram?.bins ?? []).map(({ count }) => count))).toBe(preview.sample?.rows);
    });

    it('has only what a role that can read it is shown', async () => {
      await client.query(`CREATE ROLE reader LOGIN PASSWORD 'reader'; GRANT SELECT ON large TO reader`);
      const reader = new pg.Client({ connectionString: server.url('app', 'reader', 'reader') });
      await reader.connect();
      const profile = await profileInPostgres(reader, 'large');
      await reader.end();
      expect(columnOf(profile, 'category').distinct?.basis).toBe('planner');
    });
  });
});
