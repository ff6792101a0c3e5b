import type { StatementLimits } from '../../../../src/contracts/sandbox.ts';
import type { MysqlConnection } from './connect.ts';

/** Which of the two a server is: they part ways in a few settings. */
export type Flavour = 'mysql' | 'mariadb';

/** What a server tells of itself. */
export type ServerAbout = {
  /** `8.0.36`, `10.11.6-MariaDB-0+deb12u1`. */
  readonly version: string;
  readonly flavour: Flavour;
  /** Whether it ignores the case of table names. */
  readonly folds_names: boolean;
};

/** Asks a server what it is. */
export const readServer = async (connection: MysqlConnection): Promise<ServerAbout> => {
  const [row] = await connection.ask('SELECT VERSION() AS version, @@lower_case_table_names AS folding');
  const version = String(row?.['version'] ?? 'unknown');
  return {
    version,
    flavour: /mariadb/i.test(version) ? 'mariadb' : 'mysql',
    folds_names: Number(row?.['folding']) !== 0,
  };
};

/**
 * Nothing is written: `START TRANSACTION READ ONLY` alone lets `CREATE TABLE` and `DROP TABLE` through, which commit
 * that transaction and run in the next; the session's default refuses them too. Under `SERIALIZABLE`, which a server
 * may have as its default, a SELECT would lock rows.
 */
export const readOnly = 'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY';

/** Names, texts and times have one meaning, whatever the server's defaults and `init_connect` are. */
const meanings = [
  'NAMES utf8mb4 COLLATE utf8mb4_unicode_ci',
  `SESSION time_zone = '+00:00'`,
  // ONLY_FULL_GROUP_BY: an error rather than any row's value. No NO_ZERO_DATE: '0000-00-00' can be compared with. No
  // NO_BACKSLASH_ESCAPES, ANSI_QUOTES and PIPES_AS_CONCAT: what the statement policy parses is what runs.
  `SESSION sql_mode = 'ONLY_FULL_GROUP_BY'`,
  // The default of MySQL cuts after 1,024 bytes, with a warning that nobody sees.
  'SESSION group_concat_max_len = 1048576',
  'SESSION sql_quote_show_create = 1',
  'SESSION autocommit = 1',
  // The defaults are a day and a year, behind an ALTER TABLE that waits itself.
  'SESSION lock_wait_timeout = 10',
];

const timeLimit = (flavour: Flavour, seconds: number): string =>
  flavour === 'mariadb'
    ? `SESSION max_statement_time = ${seconds}`
    : `SESSION max_execution_time = ${Math.ceil(seconds * 1000)}`;

/** Sets what reading the schema needs. */
export const prepareCatalog = async (connection: MysqlConnection, flavour: Flavour): Promise<void> => {
  // MySQL 8 keeps numbers of rows for a day otherwise, and has none of a table just loaded.
  const fresh = flavour === 'mysql' ? ['SESSION information_schema_stats_expiry = 0'] : [];
  await connection.ask(`SET ${[...meanings, ...fresh].join(', ')}`);
};

/**
 * Begins the transaction of one statement. Every setting is made anew each time, so that nothing one statement may have
 * changed reaches the next. `sql_select_limit` ends a result on the server where the statement has no LIMIT itself, one
 * row later than wanted, to tell a result that was cut.
 */
export const begin = async (
  connection: MysqlConnection,
  flavour: Flavour,
  { rows, seconds }: StatementLimits,
): Promise<void> => {
  await connection.ask(readOnly);
  await connection.ask(
    `SET ${[...meanings, timeLimit(flavour, seconds), `SESSION sql_select_limit = ${rows + 1}`].join(', ')}`,
  );
  await connection.ask('START TRANSACTION READ ONLY');
};

/** Ends the transaction of one statement. A KILL that came too late for the statement ends this, and nothing else. */
export const rollBack = async (connection: MysqlConnection): Promise<void> => {
  await connection.ask('ROLLBACK');
};
