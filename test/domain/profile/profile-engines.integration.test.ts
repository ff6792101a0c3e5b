import { DuckDBInstance } from '@duckdb/node-api';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnProfile, TableProfile } from '../../../src/contracts/profile.ts';
import { isMissing } from '../../support/is-missing.ts';
import { startMariadb, type MariadbServer } from '../../support/mariadb-server.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres-server.ts';
import { profileInDuckdb, tableSchema } from './profile-in-duckdb.ts';
import { profileInMysql } from './profile-in-mysql.ts';
import { profileInPostgres } from './profile-in-postgres.ts';

/** A column of the same values in three databases; the types are those that mean the same. */
type Made = {
  readonly name: string;
  readonly type: string;
  readonly postgres?: string;
  readonly mysql?: string;
  readonly value: (row: number) => string;
};

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** A number that looks drawn, and is the same in every run. */
const drawn = (row: number, salt: number, below: number): number =>
  Math.floor(((((row + 1) * 7_919 * (salt + 13)) % 104_729) / 104_729) * below);
const unless = (row: number, every: number, value: string): string => (row % every === 0 ? 'NULL' : value);
const moment = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ');
const words = ['new', 'New', 'new ', ' padded', 'größe', '表', '', ' ', 'ann@example.com', '+49 30 1234567', '12.5']
  .concat(['4111 1111 1111 1111', '192.168.0.1', 'fe80::1:2', '4ac7a9e9-607c-4c8a-84f3-843f0191e3fd'])
  .concat(['https://example.com/a?b', '2024-01-31', '31.1.2024', '12:30:00', "it's", String.raw`back\slash`]);

const columns: readonly Made[] = [
  { name: 'id', type: 'INTEGER', value: (row) => String(row) },
  { name: 'small', type: 'SMALLINT', value: (row) => unless(row, 7, String(drawn(row, 1, 9) - 4)) },
  { name: 'big', type: 'BIGINT', value: (row) => String(BigInt(drawn(row, 2, 90_000)) * 1_000_000_007n) },
  { name: 'price', type: 'DECIMAL(12,3)', value: (row) => (drawn(row, 3, 100_000) / 1_000).toFixed(3) },
  {
    name: 'ratio',
    type: 'DOUBLE',
    postgres: 'DOUBLE PRECISION',
    value: (row) => unless(row, 11, String(row % 97 === 0 ? 1e6 : drawn(row, 4, 1_000) / 7)),
  },
  {
    name: 'word',
    type: 'VARCHAR',
    mysql: 'VARCHAR(50)',
    value: (row) => quoted(words[drawn(row, 5, words.length)] ?? ''),
  },
  {
    name: 'text',
    type: 'VARCHAR',
    postgres: 'TEXT',
    mysql: 'TEXT',
    value: (row) => unless(row, 5, quoted(`user${drawn(row, 6, 400)}@example.com`)),
  },
  { name: 'long', type: 'VARCHAR', mysql: 'LONGTEXT', value: (row) => quoted('a'.repeat(1_500) + (row % 3)) },
  { name: 'day', type: 'DATE', value: (row) => quoted(moment(drawn(row, 7, 30_000) * 86_400).slice(0, 10)) },
  {
    name: 'at',
    type: 'TIMESTAMP',
    mysql: 'DATETIME',
    value: (row) => unless(row, 4, quoted(moment(1_700_000_000 + drawn(row, 8, 90_000_000)))),
  },
  { name: 'nothing', type: 'INTEGER', value: () => 'NULL' },
  { name: 'no text', type: 'VARCHAR', mysql: 'TEXT', value: () => 'NULL' },
  { name: 'no time', type: 'TIMESTAMP', mysql: 'DATETIME', value: () => 'NULL' },
  { name: 'constant', type: 'INTEGER', value: () => '5' },
];

/** The statements that make the table; in MySQL a backslash in a text is doubled and names stand in backticks. */
const made = (engine: 'duckdb' | 'postgres' | 'mysql', table: string, rows: number): readonly string[] => {
  const typed = columns.map(
    (column) => `"${column.name}" ${(engine === 'duckdb' ? undefined : column[engine]) ?? column.type}`,
  );
  const values = Array.from({ length: rows }, (_, row) => `(${columns.map(({ value }) => value(row)).join(', ')})`);
  const inserts = Array.from({ length: Math.ceil(rows / 500) }, (_, at) =>
    values.slice(at * 500, at * 500 + 500).join(',\n'),
  ).map((some) => `INSERT INTO ${table} VALUES ${some}`);
  const statements = [`CREATE TABLE ${table} (${typed.join(', ')})`, ...inserts];
  return engine === 'mysql' ? statements.map((sql) => sql.replaceAll('"', '`').replaceAll('\\', '\\\\')) : statements;
};

/** The figures of a column, without its type; numbers are those of the first to nine digits. */
const figuresOf = ({ top_values, ...figures }: ColumnProfile): unknown => ({
  ...figures,
  type: undefined,
  // Texts that differ beyond 1,000 characters only: DuckDB counts them as one, the others tell them apart.
  ...(figures.name !== 'long' && { top_values }),
});
const alike = (value: unknown): unknown => {
  if (typeof value === 'number' && !Number.isInteger(value))
    return expect.closeTo(value, 6 - Math.ceil(Math.log10(Math.abs(value) + 1)));
  if (Array.isArray(value)) return value.map(alike);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, alike(one)]));
  return value;
};

const sizes = { measured: 2_000, one: 1, empty: 0 };

describe('the figures of the same rows', () => {
  const expected = new Map<string, TableProfile>();
  beforeAll(async () => {
    const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
    for (const [table, rows] of Object.entries(sizes)) {
      for (const sql of made('duckdb', table, rows)) await connection.run(sql);
      expected.set(table, await profileInDuckdb(connection, await tableSchema(connection, table), { rows }));
    }
    connection.closeSync();
  }, 60_000);

  const compare = (table: string, profile: TableProfile): void => {
    const duckdb = expected.get(table);
    expect(profile.rows).toEqual(duckdb?.rows);
    expect(profile.duplicate_rows).toEqual(duckdb?.duplicate_rows);
    for (const [at, column] of profile.columns.entries()) {
      const yardstick = duckdb?.columns[at];
      if (yardstick === undefined) throw new Error(`DuckDB has no column ${column.name}.`);
      expect(figuresOf(column), `${table}.${column.name}`).toEqual(alike(figuresOf(yardstick)));
    }
  };

  describe.skipIf(isMissing('postgres'))('in PostgreSQL', () => {
    let server: PostgresServer;
    let client: pg.Client;
    beforeAll(async () => {
      server = await startPostgres();
      client = new pg.Client({ connectionString: server.url() });
      await client.connect();
      for (const [table, rows] of Object.entries(sizes))
        for (const sql of made('postgres', table, rows)) await client.query(sql);
    }, 60_000);
    afterAll(async () => {
      await client.end();
      await server.stop();
    });

    it.each(Object.keys(sizes))('are DuckDB’s: table %s', async (table) => {
      const profile = await profileInPostgres(client, table);
      expect(profile.statements.length).toBeLessThanOrEqual(3);
      compare(table, profile);
    });
  });

  describe.skipIf(isMissing('mariadb'))('in MariaDB', () => {
    let server: MariadbServer;
    let connection: mysql.Connection;
    beforeAll(async () => {
      server = await startMariadb();
      connection = await mysql.createConnection({ uri: server.url() });
      for (const [table, rows] of Object.entries(sizes))
        for (const sql of made('mysql', table, rows)) await connection.query(sql);
    }, 60_000);
    afterAll(async () => {
      await connection.end();
      await server.stop();
    });

    it.each(Object.keys(sizes))('are DuckDB’s: table %s', async (table) => {
      const profile = await profileInMysql(connection, table);
      expect(profile.statements.length).toBeLessThanOrEqual(3);
      compare(table, profile);
    });
  });
});
