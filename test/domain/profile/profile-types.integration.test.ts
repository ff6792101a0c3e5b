import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSchema } from '../../../runner-task/supervisor/engines/duckdb/read-schema.ts';
import { type ColumnProfile, TableProfile } from '../../../src/contracts/profile.ts';
import { quoteName } from '../../../src/domain/sql-name.ts';
import { profileInDuckdb } from './profile-in-duckdb.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', autoload_known_extensions: 'false' });
  connection = await instance.connect();
  await connection.run(`SET GLOBAL TimeZone = 'UTC'`);
});
afterAll(() => connection.closeSync());

type Facts = { readonly rows?: number; readonly previewPercent?: number };

/** Makes a table of a query and measures it, its schema read as a sandbox reads it. */
const measure = async (query: string, facts: Facts = {}, kind = 'TABLE'): Promise<TableProfile> => {
  const name = `measured ${Math.random()}`.replace('.', '');
  await connection.run(`CREATE ${kind} ${quoteName(name)} AS ${query}`);
  const { schema } = await readSchema(connection, 'memory', undefined);
  const table = schema.tables.find((one) => one.name === name);
  if (table === undefined) throw new Error(`There is no table ${name}.`);
  return TableProfile.parse(await profileInDuckdb(connection, table, { rows: 0, ...facts }));
};

const column = async (query: string, facts: Facts = {}): Promise<ColumnProfile> => {
  const [only] = (await measure(query, facts)).columns;
  if (only === undefined) throw new Error('The table has no column.');
  return only;
};

/** A query of one column `x` with these values of a type. */
const values = (type: string, ...texts: readonly string[]): string =>
  texts.map((text) => `SELECT CAST(${text} AS ${type}) AS x`).join(' UNION ALL ');

const greatestHugeint = '170141183460469231731687303715884105727';

/** Each type with its extremes, the least and the greatest as they are shown. */
const ranges: readonly (readonly [type: string, texts: readonly string[], min: unknown, max: unknown])[] = [
  ['TINYINT', ['-128', '127'], -128, 127],
  ['SMALLINT', ['-32768', '32767'], -32768, 32767],
  ['INTEGER', ['-2147483648', '2147483647'], -2147483648, 2147483647],
  ['BIGINT', ['-9223372036854775808', '9223372036854775807'], '-9223372036854775808', '9223372036854775807'],
  ['HUGEINT', [`-${greatestHugeint}`, greatestHugeint, greatestHugeint], `-${greatestHugeint}`, greatestHugeint],
  ['UTINYINT', ['0', '255'], 0, 255],
  ['USMALLINT', ['0', '65535'], 0, 65535],
  ['UINTEGER', ['0', '4294967295'], 0, 4294967295],
  ['UBIGINT', ['0', '18446744073709551615'], 0, '18446744073709551615'],
  ['UHUGEINT', ['0', '340282366920938463463374607431768211455'], 0, '340282366920938463463374607431768211455'],
  ['DECIMAL(4, 2)', ['-1.50', '12.25'], -1.5, 12.25],
  [
    'DECIMAL(38, 10)',
    ["'-9999999999999999999999999999.1234567891'", '1'],
    '-9999999999999999999999999999.1234567891',
    1,
  ],
  ['FLOAT', ['-1.5', '3e38', "'nan'", "'inf'"], -1.5, 3e38],
  ['DOUBLE', ['-1e308', '1e308', "'nan'", "'inf'", "'-inf'", '5e-324'], -1e308, 1e308],
  ['VARCHAR', ["'b'", "'a'", "''"], '', 'b'],
  ["ENUM ('b', 'a')", ["'b'", "'a'"], 'a', 'b'],
  ['DATE', ["'2024-02-29'", "'infinity'", "'5881580-07-10'"], '2024-02-29', '5881580-07-10'],
  [
    'TIMESTAMP',
    ["'2024-02-29 12:00:00'", "'-infinity'", "'294247-01-10'"],
    '2024-02-29 12:00:00',
    '294247-01-10 00:00:00',
  ],
  ['TIMESTAMP_S', ["'2024-02-29 12:00:00'", "'infinity'"], '2024-02-29 12:00:00', '2024-02-29 12:00:00'],
  ['TIMESTAMP_MS', ["'2024-02-29 12:00:00.5'", "'infinity'"], '2024-02-29 12:00:00.5', '2024-02-29 12:00:00.5'],
  [
    'TIMESTAMP_NS',
    ["'2024-02-29 12:00:00.123456789'", "'infinity'"],
    '2024-02-29 12:00:00.123456789',
    '2024-02-29 12:00:00.123456789',
  ],
  ['TIMESTAMPTZ', ["'2024-02-29 12:00:00+02'", "'infinity'"], '2024-02-29 10:00:00+00', '2024-02-29 10:00:00+00'],
];

/** Types without a range, and whether their values are counted apart. */
const rangeless: readonly (readonly [
  type: string,
  texts: readonly string[],
  kind: string,
  distinct: number | undefined,
])[] = [
  ['BOOLEAN', ['true', 'false', 'true'], 'boolean', 2],
  ['TIME', ["'10:00:00'", "'24:00:00'"], 'other', 2],
  ['TIMETZ', ["'10:00:00+02'"], 'other', 1],
  ['TIME_NS', ["'10:00:00.123456789'"], 'other', 1],
  ['INTERVAL', ["'1 month'", "'1 month'"], 'other', 1],
  ['BIT', ["'0101'", "'1'"], 'other', 2],
  ['UUID', ["'4ac7a9e9-607c-4c8a-84f3-843f0191e3fd'"], 'other', 1],
  ['BIGNUM', [`'${'9'.repeat(400)}'`, '1'], 'other', 2],
  ['BLOB', [String.raw`'\xAA'`], 'other', undefined],
  ['INTEGER[]', ['[1, 2]'], 'other', undefined],
  ['INTEGER[2]', ['[1, 2]'], 'other', undefined],
  ['STRUCT(a INTEGER, b VARCHAR)', ["{'a': 1, 'b': 'x'}"], 'other', undefined],
  ['MAP(VARCHAR, INTEGER)', ["MAP {'a': 1}"], 'other', undefined],
  ['UNION(number INTEGER, text VARCHAR)', ["'x'", '1'], 'other', undefined],
  ['JSON', [`'{"a": 1}'`], 'other', undefined],
];

const everyType = [
  ...ranges.map(([type, texts]) => [type, texts] as const),
  ...rangeless.map(([type, texts]) => [type, texts] as const),
];

describe('the profile of a column, by its type', () => {
  it.each(ranges)('has the range of %s without infinities, no digit lost', async (type, texts, min, max) => {
    const { range, distinct, nulls } = await column(`${values(type, ...texts)} UNION ALL SELECT NULL`);
    expect(range).toEqual({ basis: 'exact', min, max });
    expect(distinct?.count).toBe(new Set(texts).size);
    expect(nulls).toEqual({ basis: 'exact', count: 1, share: 1 / (texts.length + 1) });
  });

  it.each(rangeless)('counts %s, and compares it where that means something', async (type, texts, kind, distinct) => {
    const profile = await column(`${values(type, ...texts)} UNION ALL SELECT NULL`);
    expect(profile.kind).toBe(kind);
    expect(profile.nulls.count).toBe(1);
    expect(profile.distinct?.count).toBe(distinct);
    expect(profile.top_values === undefined).toBe(distinct === undefined);
    expect(profile.range).toBeUndefined();
  });

  it.each(everyType)(
    'measures %s with nothing in it, NULL alone, one row, from a sample, and through a view',
    async (type, texts) => {
      const query = values(type, ...texts);
      expect(await column(`SELECT * FROM (${query}) LIMIT 0`)).toMatchObject({ nulls: { count: 0, share: 0 } });
      const nothing = await column(values(type, 'NULL', 'NULL'));
      expect(nothing).toMatchObject({ nulls: { count: 2, share: 1 } });
      for (const group of [
        'range',
        'moments',
        'quantiles',
        'outliers',
        'lengths',
        'top_values',
        'histogram',
        'shapes',
        'freshness',
      ] as const)
        expect(nothing[group]).toBeUndefined();
      expect((await column(values(type, texts[0] ?? ''))).nulls.count).toBe(0);
      expect((await column(query, { rows: 300_000 })).nulls.basis).toBe('exact');
      expect((await column(query, { rows: 300_000, previewPercent: 100 })).nulls.basis).toBe('sample');
      const viewed = await measure(query, {}, 'VIEW');
      expect(viewed.rows).toEqual({ basis: 'exact', count: texts.length });
    },
  );

  it('leaves mean and deviation out where a value is too great to be squared', async () => {
    const { moments, signs } = await column(values('DOUBLE', '1', '1e200', "'nan'", "'-inf'", '0'));
    expect(moments).toBeUndefined();
    expect(signs).toEqual({ basis: 'exact', zero: 1, negative: 1, not_finite: 2 });
    expect((await column(values('DOUBLE', '1', '2', "'inf'"))).moments?.mean).toBe(1.5);
  });

  it('has a histogram that reaches into years which JavaScript does not have', async () => {
    const { histogram } = await column(values('TIMESTAMP', "'2024-01-01'", "'294000-01-01'"));
    expect([histogram?.bins[0]?.from, histogram?.bins.at(-1)?.to]).toEqual([
      '2024-01-01T00:00:00.000Z',
      '+294000-01-01T00:00:00.000Z',
    ]);
    const days = await column(values('DATE', "'2024-01-01'", "'5881580-07-10'"));
    expect(days.histogram?.bins.at(-1)).toMatchObject({ to: '+5881580-07-10T00:00:00.000Z', count: 1 });
    expect((await column(values('TIMESTAMP', "'2024-01-01'", "'9999-12-31'"))).histogram?.bins).toHaveLength(20);
  });
});

describe('the profile of a table, whatever it holds', () => {
  it('measures one of 300 columns of all kinds', async () => {
    const kinds = ['i', 'i / 7', "'text ' || i", 'i % 2 = 0', "TIMESTAMP '2024-01-01' + to_hours(i)", '[i]'];
    const columns = Array.from({ length: 300 }, (_, at) => `${kinds[at % kinds.length]} AS "column ${at}"`);
    const query = `SELECT ${columns.join(', ')} FROM (SELECT CAST(i AS INTEGER) AS i FROM range(40) t(i))`;
    for (const rows of [40, 300_000]) {
      const { columns: measured } = await measure(query, { rows });
      expect(measured).toHaveLength(300);
      expect(measured[299]).toMatchObject({ name: 'column 299', kind: 'other', nulls: { count: 0 } });
      expect(measured[294]?.nulls.count).toBe(0);
    }
    const whole = await measure(query);
    expect(whole.columns[294]?.range).toEqual({ basis: 'exact', min: 0, max: 39 });
  });

  it('takes any name of a column', async () => {
    const names = [
      'a"b',
      "it's",
      'a.b',
      'größe',
      '表',
      'name',
      'value',
      'count',
      'n',
      'rows',
      'source',
      'figures',
      'c0',
      'x'.repeat(3_000),
      ' ',
    ];
    const query = `SELECT ${names.map((name, at) => `${at} AS ${quoteName(name)}`).join(', ')}`;
    for (const rows of [1, 300_000]) {
      const { columns } = await measure(query, { rows });
      expect(columns.map(({ name, range }) => [name, range?.min])).toEqual(names.map((name, at) => [name, at]));
    }
  });
});
