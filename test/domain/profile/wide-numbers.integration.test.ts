import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import mysql from 'mysql2/promise';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnProfile, TableProfile } from '../../../src/contracts/profile.ts';
import type { ResultTable } from '../../../src/contracts/sandbox.ts';
import { deviationOf, quantileOf, unitsOf, writeExact } from '../../support/exact-figures.ts';
import { isMissing } from '../../support/is-missing.ts';
import { type MariadbServer, startMariadb } from '../../support/mariadb-server.ts';
import { type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { profileInDuckdb, tableSchema } from './profile-in-duckdb.ts';
import { profileInMysql } from './profile-in-mysql.ts';
import { profileInPostgres } from './profile-in-postgres.ts';
import { profileWith } from './profile-with.ts';

/** A column of a type that keeps every digit, and values of it in units of its last one. */
type Drawn = { readonly type: string; readonly scale: number; readonly units: readonly bigint[] };

/** An engine in which a table of one column can be made and measured. */
type Engine = {
  readonly types: readonly {
    readonly type: string;
    readonly scale: number;
    readonly least: bigint;
    readonly most: bigint;
  }[];
  readonly measure: (type: string, literals: readonly string[]) => Promise<TableProfile>;
};

const int64 = { scale: 0, least: -(2n ** 63n), most: 2n ** 63n - 1n };
const uint64 = { scale: 0, least: 0n, most: 2n ** 64n - 1n };
const decimal = (digits: number, scale: number) => ({
  scale,
  least: -(10n ** BigInt(digits)) + 1n,
  most: 10n ** BigInt(digits) - 1n,
});

const rowsOf = (literals: readonly string[]): string => literals.map((literal) => `(${literal})`).join(', ');

/** Near each other and far from zero, at the ends of the type, or anywhere between. */
const drawn = (types: Engine['types']): fc.Arbitrary<Drawn> =>
  fc.constantFrom(...types).chain(({ type, scale, least, most }) => {
    const inside = (units: bigint): bigint => (units < least ? least : units > most ? most : units);
    const centre = fc.oneof(
      fc.constantFrom(2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, 2n ** 64n - 1n, 1_700_000_000_000_000_000n, least, most),
      fc.bigInt({ min: least, max: most }),
    );
    const reach = fc.constantFrom(3n, 1_000n, 7_000n, 10n ** 9n, 10n ** 15n, 10n ** 19n, most - least);
    return fc
      .tuple(centre, reach)
      .chain(([middle, far]) =>
        fc
          .array(fc.bigInt({ min: -far, max: far }), { minLength: 2, maxLength: 60 })
          .map((distances) => ({ type, scale, units: distances.map((distance) => inside(middle + distance)) })),
      );
  });

const isNear = (measured: number, truth: number): boolean => Math.abs(measured - truth) <= 1e-9 * Math.abs(truth);

const points = { p01: 1, p05: 5, p25: 25, p50: 50, p75: 75, p95: 95, p99: 99 } as const;

/** Whether the profile shows the values’ own figures. */
const expectTrue = ({ units, scale }: Drawn, column: ColumnProfile | undefined): void => {
  if (column === undefined) throw new Error('There is no column.');
  const order = units.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
  const [least = 0n, greatest = 0n] = [order[0], order.at(-1)];
  expect(unitsOf(column.range?.min, scale)).toBe(least);
  expect(unitsOf(column.range?.max, scale)).toBe(greatest);
  const size = 10 ** scale;
  expect(column.moments).toBeDefined();
  const truth = deviationOf(units) / size;
  expect(isNear(column.moments?.deviation ?? Number.NaN, truth), `${column.moments?.deviation} is ${truth}`).toBe(true);
  const isWide = typeof column.range?.min === 'string' || typeof column.range?.max === 'string';
  for (const [name, percent] of Object.entries(points)) {
    const [shown, exact] = [column.quantiles?.[name as keyof typeof points], quantileOf(units, percent)];
    if (isWide) expect(unitsOf(shown, scale + 2), `${name} of ${units.join(' ')}`).toBe(exact);
    else expect(isNear(Number(shown), Number(exact) / 100 / size) || Number(exact) === 0).toBe(true);
  }
  if (least < greatest) {
    const bins = column.histogram?.bins ?? [];
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(units.length);
    expect(unitsOf(bins[0]?.from, scale)).toBe(least);
    expect(unitsOf(bins.at(-1)?.to, scale)).toBe(greatest);
  }
  const [q1, q3] = [quantileOf(units, 25), quantileOf(units, 75)];
  if (q1 < q3) {
    const [low, high] = [q1 - 3n * (q3 - q1), q3 + 3n * (q3 - q1)];
    expect(column.outliers?.below).toBe(units.filter((value) => value * 100n < low).length);
    expect(column.outliers?.above).toBe(units.filter((value) => value * 100n > high).length);
  }
};

const propertyHolds = async (engine: Engine, runs: number): Promise<void> => {
  await fc.assert(
    fc.asyncProperty(drawn(engine.types), async (one) => {
      const literals = one.units.map((units) => writeExact({ units, scale: one.scale }));
      const profile = await engine.measure(one.type, literals);
      expectTrue(one, profile.columns[0]);
    }),
    { numRuns: runs, seed: 11 },
  );
};

/** Runs of the property on each engine: a table is made and measured in each. */
const runs = 60;
const timeout = 240_000;

describe('figures of numbers that no double holds, beside whole numbers of any size', () => {
  describe('in DuckDB', () => {
    let connection: DuckDBConnection;
    beforeAll(async () => {
      const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
      connection = await instance.connect();
    });
    afterAll(() => connection.closeSync());
    const engine: Engine = {
      types: [
        { type: 'BIGINT', ...int64 },
        { type: 'UBIGINT', ...uint64 },
        { type: 'HUGEINT', scale: 0, least: -(2n ** 127n) + 1n, most: 2n ** 127n - 1n },
        { type: 'DECIMAL(18, 3)', ...decimal(18, 3) },
        { type: 'DECIMAL(38, 10)', ...decimal(38, 10) },
        { type: 'DECIMAL(38, 0)', ...decimal(38, 0) },
      ],
      measure: async (type, literals) => {
        await connection.run(`CREATE OR REPLACE TABLE wide (x ${type})`);
        await connection.run(
          `INSERT INTO wide SELECT CAST(v AS ${type}) FROM (VALUES ${rowsOf(literals.map((one) => `'${one}'`))}) AS t(v)`,
        );
        return profileInDuckdb(connection, await tableSchema(connection, 'wide'), { rows: literals.length });
      },
    };
    it(
      'shows deviation, quantiles, range, outliers and histogram as they are',
      () => expect(propertyHolds(engine, runs)).resolves.toBeUndefined(),
      timeout,
    );
  });

  describe('in SQLite', () => {
    const database = new DatabaseSync(':memory:');
    afterAll(() => database.close());
    const run = async (sql: string): Promise<ResultTable> => {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      statement.setReturnArrays(true);
      const rows = statement.all() as unknown as readonly (readonly (bigint | number | string | null)[])[];
      const columns = statement.columns().map(({ name }) => ({ name, type: '' }));
      return {
        columns,
        values: columns.map((_, at) =>
          rows.map((row) => (typeof row[at] === 'bigint' ? String(row[at]) : (row[at] ?? null))),
        ),
        rows: rows.length,
        truncated: false,
      };
    };
    const engine: Engine = {
      types: [{ type: 'INTEGER', ...int64 }],
      measure: async (type, literals) => {
        // The literal of the least integer would be read as a double and a sign.
        const values = literals.map((one) => (one === '-9223372036854775808' ? '-9223372036854775807 - 1' : one));
        database.exec(
          `DROP TABLE IF EXISTS wide; CREATE TABLE wide (x ${type}); INSERT INTO wide VALUES ${rowsOf(values)}`,
        );
        const schema = {
          name: 'wide',
          kind: 'table',
          columns: [{ name: 'x', type, nullable: true }],
          constraints: [],
        } as const;
        return profileWith('sqlite', schema, run);
      },
    };
    it(
      'shows deviation, quantiles, range, outliers and histogram as they are',
      () => expect(propertyHolds(engine, runs)).resolves.toBeUndefined(),
      timeout,
    );
  });

  describe.skipIf(isMissing('postgres'))('in PostgreSQL', () => {
    let server: PostgresServer;
    let client: pg.Client;
    beforeAll(async () => {
      server = await startPostgres();
      client = new pg.Client({ connectionString: server.url() });
      await client.connect();
    }, 60_000);
    afterAll(async () => {
      await client.end();
      await server.stop();
    });
    const engine: Engine = {
      types: [
        { type: 'bigint', ...int64 },
        { type: 'numeric(38,10)', ...decimal(38, 10) },
        { type: 'numeric', ...decimal(60, 20) },
      ],
      measure: async (type, literals) => {
        await client.query(
          `DROP TABLE IF EXISTS wide; CREATE TABLE wide (x ${type}); INSERT INTO wide VALUES ${rowsOf(literals.map((one) => `'${one}'`))}`,
        );
        return profileInPostgres(client, 'wide');
      },
    };
    it(
      'shows deviation, quantiles, range, outliers and histogram as they are',
      () => expect(propertyHolds(engine, runs)).resolves.toBeUndefined(),
      timeout,
    );
  });

  describe.skipIf(isMissing('mariadb'))('in MariaDB', () => {
    let server: MariadbServer;
    let connection: mysql.Connection;
    beforeAll(async () => {
      server = await startMariadb();
      connection = await mysql.createConnection({
        uri: server.url(),
        supportBigNumbers: true,
        bigNumberStrings: true,
        multipleStatements: true,
      });
    }, 60_000);
    afterAll(async () => {
      await connection.end();
      await server.stop();
    });
    const engine: Engine = {
      types: [
        { type: 'bigint', ...int64 },
        { type: 'bigint unsigned', ...uint64 },
        { type: 'decimal(38,10)', ...decimal(38, 10) },
        { type: 'decimal(65,20)', ...decimal(65, 20) },
      ],
      measure: async (type, literals) => {
        await connection.query(
          `DROP TABLE IF EXISTS wide; CREATE TABLE wide (x ${type}); INSERT INTO wide VALUES ${rowsOf(literals)}`,
        );
        return profileInMysql(connection, 'wide');
      },
    };
    it(
      'shows deviation, quantiles, range, outliers and histogram as they are',
      () => expect(propertyHolds(engine, runs)).resolves.toBeUndefined(),
      timeout,
    );
  });
});
