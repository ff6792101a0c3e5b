import { DuckDBInstance } from '@duckdb/node-api';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { ColumnProfile } from '../../../src/contracts/profile.ts';
import { isMissing } from '../../support/is-missing.ts';
import { startMariadb } from '../../support/mariadb-server.ts';
import { startPostgres } from '../../support/postgres-server.ts';
import { profileInDuckdb, tableSchema } from './profile-in-duckdb.ts';
import { profileInMysql } from './profile-in-mysql.ts';
import { profileInPostgres } from './profile-in-postgres.ts';

/** What a profile says of values that are no time, and how many values its bars hold. */
const toldOf = ({ undated, signs, range, histogram, nulls }: ColumnProfile) => ({
  missing: nulls.count,
  undated: undated?.count,
  not_finite: signs?.not_finite,
  range: range && [range.min, range.max],
  bars: histogram?.bins.reduce((sum, { count }) => sum + count, 0),
  left_out: histogram?.left_out,
});

const infiniteDays = `'infinity', '-infinity', '2024-04-10', '2024-05-01', '0044-03-15 (BC)', NULL`;

describe('values that are no time or no number', () => {
  it('are counted and told in DuckDB, and the bars say that they lack them', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(`CREATE TABLE odd AS SELECT unnest([${infiniteDays}])::DATE AS day,
      unnest(['infinity', '2024-04-10', '290000-01-01', '2024-05-01', NULL, NULL])::TIMESTAMP AS moment,
      unnest(['inf', '-inf', 'nan', '1', '2', '3'])::DOUBLE AS number`);
    const { columns } = await profileInDuckdb(connection, await tableSchema(connection, 'odd'), { rows: 6 });
    expect(columns.map(toldOf)).toEqual([
      { missing: 1, undated: 2, not_finite: undefined, range: ['0044-03-15 (BC)', '2024-05-01'], bars: 3, left_out: 2 },
      { missing: 2, undated: 1, not_finite: undefined, range: ['2024-04-10 00:00:00', '290000-01-01 00:00:00'], bars: 3, left_out: 1 }, // prettier-ignore
      { missing: 0, undated: undefined, not_finite: 3, range: [1, 3], bars: 3, left_out: 3 },
    ]);
    connection.closeSync();
  });

  it.skipIf(isMissing('postgres'))(
    'are counted and told in PostgreSQL',
    async () => {
      const server = await startPostgres();
      const client = new pg.Client({ connectionString: server.url() });
      try {
        await client.connect();
        await client.query(`CREATE TABLE odd (day date, moment timestamptz, number float8, exact numeric);
        INSERT INTO odd VALUES ('infinity', '-infinity', 'Infinity', 'NaN'), ('-infinity', '2024-04-10 00:00+00', '-Infinity', 'Infinity'),
          ('2024-04-10', '2024-05-01 00:00+00', 'NaN', 12345678901234567890), ('2024-05-01', NULL, 1, 12345678901234567891),
          ('0044-03-15 BC', NULL, 2, 12345678901234567899), (NULL, NULL, 3, NULL)`);
        const { columns } = await profileInPostgres(client, 'odd');
        expect(columns.map(toldOf)).toEqual([
          {
            missing: 1,
            undated: 2,
            not_finite: undefined,
            range: ['0044-03-15 BC', '2024-05-01'],
            bars: 3,
            left_out: 2,
          },
          { missing: 3, undated: 1, not_finite: undefined, range: ['2024-04-10 00:00:00+00', '2024-05-01 00:00:00+00'], bars: 2, left_out: 1 }, // prettier-ignore
          { missing: 0, undated: undefined, not_finite: 3, range: [1, 3], bars: 3, left_out: 3 },
          { missing: 1, undated: undefined, not_finite: 2, range: ['12345678901234567890', '12345678901234567899'], bars: 3, left_out: 2 }, // prettier-ignore
        ]);
        await client.query('TRUNCATE odd');
        const empty = await profileInPostgres(client, 'odd');
        expect(empty.columns.map(({ signs }) => signs)).toEqual([undefined, undefined, undefined, undefined]);
      } finally {
        await client.end();
        await server.stop();
      }
    },
    60_000,
  );

  it.skipIf(isMissing('mariadb'))(
    'are counted and told in MariaDB, zero dates and zero days',
    async () => {
      const server = await startMariadb();
      const connection = await mysql.createConnection({ uri: server.url(), multipleStatements: true });
      try {
        await connection.query(`SET SESSION sql_mode = ''; CREATE TABLE odd (day date, moment datetime);
        INSERT INTO odd VALUES ('0000-00-00', '0000-00-00 00:00:00'), ('2024-02-00', '2024-02-01 10:00:00'),
          ('2024-02-01', '2024-02-02 10:00:00'), ('2024-03-01', '2024-02-03 10:00:00'), (NULL, NULL)`);
        const { columns } = await profileInMysql(connection, 'odd');
        expect(columns.map(toldOf)).toEqual([
          { missing: 1, undated: 2, not_finite: undefined, range: ['2024-02-01', '2024-03-01'], bars: 2, left_out: 2 },
          { missing: 1, undated: 1, not_finite: undefined, range: ['2024-02-01 10:00:00', '2024-02-03 10:00:00'], bars: 3, left_out: 1 }, // prettier-ignore
        ]);
      } finally {
        await connection.end();
        await server.stop();
      }
    },
    60_000,
  );
});
