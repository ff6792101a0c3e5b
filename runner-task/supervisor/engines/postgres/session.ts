import { quoteText } from '../../../../src/domain/sql-name.ts';
import type { PostgresConnection } from './connect.ts';

/** How values are written, so that they mean the same at every server; a role or a database can have settings of its own. */
const notation = {
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  // Every float to its last digit.
  extra_float_digits: '3',
  // What a backslash in a text means; the policy reads statements the standard way.
  standard_conforming_strings: 'on',
  client_encoding: 'UTF8',
} as const;

const guards = {
  default_transaction_read_only: 'on',
  // Somebody who alters a table waits for whoever reads it, and all others for him: better give up soon.
  lock_timeout: '10s',
  // Between the statements of one transaction passes no time; if it does, nobody is there any more.
  idle_in_transaction_session_timeout: '60s',
} as const;

const settings = Object.entries({ ...notation, ...guards })
  .map(([name, value]) => `SET ${name} = ${quoteText(value)}`)
  .join('; ');

/** Makes a fresh session read-only, and its values readable. */
export const prepareSession = async ({ client }: PostgresConnection): Promise<void> => {
  await client.query(settings);
};

/** Begins the transaction of one statement, whose time is bounded at the server too. */
export const begin = async ({ client }: PostgresConnection, seconds: number): Promise<void> => {
  await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(seconds * 1000)}`);
};

/**
 * Ends the transaction of one statement, and with it every setting that the statement has made. A session whose
 * transaction the statement has ended by itself is not used again.
 */
export const rollBack = async (connection: PostgresConnection): Promise<void> => {
  if (connection.isOver()) return;
  if (connection.client.getTransactionStatus() === 'I') return connection.destroy();
  await connection.client.query('ROLLBACK').catch(() => connection.destroy());
};
