import { quoteName, quoteText } from '../../../../src/domain/sql-name.ts';
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
  // `= NULL` is `IS NULL` where it is on.
  transform_null_equals: 'off',
  // An index answers with a part of the rows where it is not 0.
  gin_fuzzy_search_limit: '0',
} as const;

const guards = {
  // With `off`, a table whose rows are filtered for the role cannot be read at all. That they are filtered is told.
  row_security: 'on',
  // Somebody who alters a table waits for whoever reads it, and all others for him: better give up soon.
  lock_timeout: '10s',
  // Between the statements of one transaction passes no time; if it does, nobody is there any more.
  idle_in_transaction_session_timeout: '60s',
} as const;

/** As monitors of the server show it. Not given at login: a pooler would leave it to the session's next user. */
const name = { application_name: 'surveyor' } as const;

const settings = Object.entries({ ...name, ...notation, ...guards })
  .map(([setting, value]) => `SET LOCAL ${setting} = ${quoteText(value)}`)
  .join('; ');

/** The name of the savepoint that a statement begins at. */
const start = 'surveyor_statement';

/**
 * Schemas as `SET search_path` takes them; pg_catalog is searched before. Temporary tables come last, not first: behind a
 * pooler they are somebody else's.
 */
export const searchPathOf = (schemas: readonly string[]): string => [...schemas.map(quoteName), 'pg_temp'].join(', ');

/** What a transaction is begun with. */
export type TransactionOptions = {
  /** Its time is bounded at the server too. */
  readonly seconds: number;
  /** As `SET search_path` takes it. Undefined for what the role and the database have by themselves. */
  readonly searchPath?: string | undefined;
};

/**
 * Begins a read-only transaction. All settings are made in it and end with it: a pooler in transaction mode gives the
 * server's session to somebody else after it, with every `SET` that was made in the session, and gives another one to us.
 */
export const begin = async (
  connection: PostgresConnection,
  { seconds, searchPath }: TransactionOptions,
): Promise<void> => {
  await connection.send(
    [
      // Stated, since a role's default can be SERIALIZABLE, which a standby refuses.
      'BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY',
      settings,
      // As bytes are, where they are given their letters here.
      `SET LOCAL client_encoding = ${connection.guard.rewriteValue === undefined ? 'UTF8' : 'SQL_ASCII'}`,
      `SET LOCAL search_path = ${searchPath ?? 'DEFAULT'}`,
      `SET LOCAL statement_timeout = ${Math.ceil(seconds * 1000)}`,
      `SAVEPOINT ${start}`,
    ].join('; '),
  );
};

/**
 * Ends the transaction of one statement, and with it every setting that the statement has made; and the locks of the
 * session, which a view's function may have taken. A session whose transaction the statement has ended by itself is not
 * used again.
 */
export const rollBack = async (connection: PostgresConnection): Promise<void> => {
  if (connection.isOver()) return;
  if (connection.client.getTransactionStatus() === 'I') return connection.destroy();
  await connection
    .send(`ROLLBACK TO SAVEPOINT ${start}; SELECT pg_catalog.pg_advisory_unlock_all(); ROLLBACK`)
    .catch(() => connection.destroy());
};

/** Works in a transaction of its own. */
export const inTransaction = async <T>(
  connection: PostgresConnection,
  options: TransactionOptions,
  work: () => Promise<T>,
): Promise<T> => {
  await begin(connection, options);
  try {
    return await work();
  } finally {
    await rollBack(connection);
  }
};
