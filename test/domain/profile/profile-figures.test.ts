import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnProfile, TableProfile } from '../../../src/contracts/profile.ts';
import { profileInDuckdb, tableSchema } from './profile-in-duckdb.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
});
afterAll(() => connection.closeSync());

const columnOf = (profile: TableProfile, name: string): ColumnProfile => {
  const found = profile.columns.find((column) => column.name === name);
  if (found === undefined) throw new Error(`There is no column ${name}.`);
  return found;
};

const whole = async (sql: string): Promise<TableProfile> => {
  await connection.run(`CREATE OR REPLACE TABLE measured AS ${sql}`);
  return profileInDuckdb(connection, await tableSchema(connection, 'measured'), { rows: 1_000 });
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe('the figures of a small table', () => {
  /** 0 to 999, each once, and two that are far out; the same numbers as in the table, computed here. */
  const numbers = [...Array.from({ length: 1_000 }, (_, at) => at), 50_000, -40_000];
  let profile: TableProfile;
  beforeAll(async () => {
    profile = await whole(`SELECT CAST(x AS DOUBLE) AS x FROM (SELECT unnest([${numbers.join(', ')}]) AS x)`);
  });

  it('are those of plain arithmetic', () => {
    const x = columnOf(profile, 'x');
    const mean = sum(numbers) / numbers.length;
    const variance = sum(numbers.map((one) => (one - mean) ** 2)) / (numbers.length - 1);
    expect(x.moments?.mean).toBeCloseTo(mean, 9);
    expect(x.moments?.deviation).toBeCloseTo(Math.sqrt(variance), 6);
    expect(x.distinct).toEqual({ basis: 'exact', count: 1_002, share: 1 });
    expect(x.signs).toEqual({ basis: 'exact', zero: 1, negative: 1, not_finite: 0 });
    // Sorted, the 1,002 values are -40000, 0 … 999, 50000; a quantile lies at share × 1,001, between its neighbours.
    expect(x.quantiles?.p50).toBeCloseTo(499.5, 9);
    expect(x.quantiles?.p25).toBeCloseTo(0.25 * 1_001 - 1, 9);
    expect(x.quantiles?.p99).toBeCloseTo(0.99 * 1_001 - 1, 9);
    expect(x.outliers).toMatchObject({ basis: 'exact', below: 1, above: 1 });
    expect(x.outliers?.high_fence).toBeCloseTo(749.75 + 3 * 500.5, 9);
  });

  it('put every value into the bar that it lies in', () => {
    const bins = columnOf(profile, 'x').histogram?.bins ?? [];
    expect(bins).toHaveLength(20);
    expect(sum(bins.map(({ count }) => count))).toBe(numbers.length);
    expect([bins[0]?.from, bins[19]?.to]).toEqual([-40_000, 50_000]);
    for (const [at, { from, to, count }] of bins.entries()) {
      const inside = numbers.filter((one) => one >= Number(from) && (one < Number(to) || (at === 19 && one === to)));
      expect(count).toBe(inside.length);
    }
  });

  it('count rows that are there twice, and NULL as equal to NULL', async () => {
    const { duplicate_rows } = await whole(`SELECT * FROM (VALUES (1, NULL), (1, NULL), (1, NULL), (2, 'a')) v(a, b)`);
    expect(duplicate_rows).toEqual({ basis: 'exact', count: 2 });
  });

  it('know texts by length, commonest values and shape', async () => {
    const texts: Readonly<Record<string, readonly string[]>> = {
      email: ['ann@example.com', ' bob.b+1@mail.example.org '],
      phone: [
        '+49 30 1234567',
        '(030) 123-4567',
        '555-123-4567',
        '030/1234567',
        '0171 - 123 45 67',
        '020 7946 0958',
        '01 23 45 67 89',
        '01.23.45.67.89',
        '0171-1234567',
        '0612345678',
        '0049 30 123456',
      ],
      card: ['4111 1111 1111 1111'],
      ip_address: ['192.168.0.1', 'fe80::1:2'],
      uuid: ['4ac7a9e9-607c-4c8a-84f3-843f0191e3fd'],
      url: ['https://example.com/a?b'],
      number: ['12', '-1,5', '.5e3'],
      time: ['2024-01-31', '31.1.2024', '2024-01-31T10:00:00Z', '01/02/2024', '01.02.24', '01-02-2024'],
      blank: ['', ' \t'],
      padded: [' a\nb', 'c '],
      none: ['plain', 'two words', 'größe', '12:30:00', 'plain', '01/2024', '12-34-56'],
      // Keys that begin with zeros are numbers in text, and no telephone.
      zeros: ['00012345', '0000012345', '01022024'],
    };
    const all = Object.values(texts).flat();
    const { shapes, lengths, top_values, range } = columnOf(
      await whole(`SELECT unnest([${all.map((text) => `'${text}'`).join(', ')}]) AS x`),
      'x',
    );
    const counted = Object.fromEntries(Object.entries(texts).map(([shape, { length }]) => [shape, length]));
    const { none, zeros, number, ...expected } = counted;
    // The second e-mail address has white space around it as well.
    expect(shapes).toEqual({
      basis: 'exact',
      values: all.length,
      ...expected,
      number: sum([zeros ?? 0, number ?? 0, 1]),
      padded: 3,
    });
    expect(none).toBe(7);
    const characters = all.map((text) => Array.from(text).length);
    expect(lengths).toEqual({
      basis: 'exact',
      min: 0,
      max: Math.max(...characters),
      mean: expect.closeTo(sum(characters) / all.length, 9),
    });
    expect(top_values?.values[0]).toEqual({ value: 'plain', count: 2 });
    expect(top_values?.values).toHaveLength(10);
    expect(range).toEqual({ basis: 'exact', min: '', max: 'two words' });
  });

  it('cut long texts where they are shown, and nowhere else', async () => {
    const profile = await whole(`SELECT unnest([repeat('a', 5000) || 'b', repeat('a', 5000) || 'c']) AS x`);
    const x = columnOf(profile, 'x');
    expect(x.distinct?.count).toBe(2);
    expect(x.lengths?.max).toBe(5_001);
    expect(x.range?.max).toBe('a'.repeat(200));
  });

  it('say how fresh a column is, against the time of the profile', async () => {
    const profile = await whole(
      `SELECT unnest([TIMESTAMP '2025-06-30 23:00:00', TIMESTAMP '2025-07-01 00:00:00', TIMESTAMP '2025-07-01 00:00:10', 'infinity', NULL]) AS at, DATE '2025-07-01' AS day`,
    );
    expect(columnOf(profile, 'at').freshness).toEqual({
      basis: 'exact',
      newest: '2025-07-01 00:00:10',
      age_seconds: -10,
      in_future: 1,
    });
    expect(columnOf(profile, 'day').freshness).toMatchObject({ age_seconds: 0, in_future: 0 });
  });
});

describe('the figures of a large table', () => {
  const rows = 400_000;
  beforeAll(async () => {
    await connection.run(
      `CREATE TABLE large AS SELECT i AS id, i % 8 AS category, 'same' AS word, CASE WHEN i % 4 = 0 THEN NULL ELSE i / 2 END AS x, i % 2 = 0 AS flag
       FROM range(${rows}) t(i)`,
    );
  });

  it('are exact where one pass gives them, estimated or from a sample elsewhere, and say which', async () => {
    const profile = await profileInDuckdb(connection, await tableSchema(connection, 'large'), { rows });
    expect(profile.rows).toEqual({ basis: 'exact', count: rows });
    expect(profile.sample).toMatchObject({ method: 'system', percent: 12.5 });
    expect(profile.duplicate_rows).toBeUndefined();
    const [id, x, word] = ['id', 'x', 'word'].map((name) => columnOf(profile, name));
    expect(id?.range).toEqual({ basis: 'exact', min: 0, max: rows - 1 });
    expect(id?.distinct?.basis).toBe('approximate');
    // DuckDB's estimate of a single column can be far off.
    expect(Math.abs((id?.distinct?.count ?? 0) / rows - 1)).toBeLessThan(0.5);
    expect(x?.nulls).toEqual({ basis: 'exact', count: rows / 4, share: 0.25 });
    expect(x?.moments?.mean).toBeCloseTo(rows / 4, 6);
    expect(columnOf(profile, 'flag').distinct).toEqual({ basis: 'exact', count: 2, share: 2 / rows });
    expect([x?.quantiles?.basis, x?.histogram?.basis, x?.outliers?.basis]).toEqual(['sample', 'sample', 'sample']);
    expect(word?.distinct).toEqual({ basis: 'sample', count: 1, share: 1 / (profile.sample?.rows ?? 0) });
    expect([word?.range?.basis, word?.lengths?.basis, word?.shapes?.basis]).toEqual(['sample', 'sample', 'sample']);
  });

  it('of a sample are all of the same rows', async () => {
    const profile = await profileInDuckdb(connection, await tableSchema(connection, 'large'), { rows });
    const sampled = profile.sample?.rows ?? 0;
    expect(sampled).toBeGreaterThan(0);
    expect(sampled).toBeLessThan(rows);
    expect(columnOf(profile, 'word').top_values).toEqual({
      basis: 'sample',
      values: [{ value: 'same', count: sampled }],
    });
    expect(columnOf(profile, 'word').shapes?.values).toBe(sampled);
    const bars = columnOf(profile, 'id').histogram?.bins ?? [];
    expect(sum(bars.map(({ count }) => count))).toBe(sampled);
    expect(sum((columnOf(profile, 'category').top_values?.values ?? []).map(({ count }) => count))).toBe(sampled);
  });

  it('are all from the sample in a preview', async () => {
    const profile = await profileInDuckdb(connection, await tableSchema(connection, 'large'), {
      rows,
      previewPercent: 10,
    });
    expect(profile.rows).toEqual({ basis: 'approximate', count: rows });
    const bases = JSON.stringify(profile.columns).match(/"basis":"\w+"/g) ?? [];
    expect(new Set(bases)).toEqual(new Set(['"basis":"sample"']));
    const x = columnOf(profile, 'x');
    expect(x.nulls.share).toBeCloseTo(0.25, 2);
    expect(x.nulls.count + (x.histogram?.bins ?? []).reduce((total, { count }) => total + count, 0)).toBe(
      profile.sample?.rows,
    );
  });
});
