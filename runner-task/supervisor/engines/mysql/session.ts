import type { StatementLimits } from '../../../../src/contracts/sandbox.ts';
import { mysqlNames } from '../../../../src/domain/engines/mysql/names.ts';
import { catalogSeconds } from '../server/bound-answer.ts';
import { isAtLeast } from './is-at-least.ts';
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

/** A system variable of a session and the value wanted of it; a number is written without quotes. Some values may stay. */
type Setting = readonly [name: string, value: string | number, mayStay?: (before: unknown) => boolean];

const mostSorted = 8_192;
const sortBuffer = 16 * 1024 * 1024;

/**
 * Names, texts and times have one meaning, whatever the server's defaults and `init_connect` are. Nothing is written:
 * `START TRANSACTION READ ONLY` alone lets `CREATE TABLE` and `DROP TABLE` through, which commit that transaction and run
 * in the next; the session's default refuses them too.
 */
const meanings = ({ flavour }: ServerAbout): readonly Setting[] => [
  [flavour === 'mariadb' ? 'tx_read_only' : 'transaction_read_only', 1],
  ['character_set_client', 'utf8mb4'],
  ['character_set_results', 'utf8mb4'],
  ['collation_connection', 'utf8mb4_unicode_ci'],
  ['time_zone', '+00:00'],
  // ONLY_FULL_GROUP_BY: an error rather than any row's value. No NO_ZERO_DATE: '0000-00-00' can be compared with. No
  // NO_BACKSLASH_ESCAPES, ANSI_QUOTES and PIPES_AS_CONCAT: what the statement policy parses is what runs.
  ['sql_mode', 'ONLY_FULL_GROUP_BY'],
  // The default of MySQL cuts after 1,024 bytes.
  ['group_concat_max_len', 1_048_576],
  // With the default, texts alike in their first 1,024 bytes are the same to ORDER BY and to windows, without a word. A sort holds 15 of
  // its keys at least, or fails: so 8 KiB of each of 136 texts, as many as with a server's own values, 1,024 bytes and 2 MiB.
  ['max_sort_length', mostSorted, (before) => Number(before) >= mostSorted],
  ['sort_buffer_size', sortBuffer, (before) => Number(before) >= sortBuffer],
  // With 0, which a server may have as its default, no warning could be read. MySQL lets only its administrators change it.
  ['max_error_count', 64, (before) => Number(before) > 0],
  ['sql_quote_show_create', 1],
  // With 0, as where a server bounds joins by `max_join_size`, a profile's own statements are refused.
  ['sql_big_selects', 1],
  // Decimals of a mean, and words for days and months.
  ['div_precision_increment', 4],
  ['lc_time_names', 'en_US'],
  // The defaults are a day and a year, behind an ALTER TABLE that waits itself.
  ['lock_wait_timeout', 10],
];

const timeLimit = (flavour: Flavour, seconds: number): Setting =>
  flavour === 'mariadb' ? ['max_statement_time', seconds] : ['max_execution_time', Math.ceil(seconds * 1000)];

/** What reading the schema needs: all of it, which a server that bounds the rows of results would cut without a word. */
export const catalogSettings = (about: ServerAbout): readonly Setting[] => [
  ...meanings(about),
  timeLimit(about.flavour, catalogSeconds),
  ['sql_select_limit', Number.MAX_SAFE_INTEGER],
  // MySQL 8 keeps numbers of rows for a day otherwise, and has none of a table just loaded.
  ...(about.flavour === 'mysql' ? [['information_schema_stats_expiry', 0] as const] : []),
];

/**
 * What one statement needs. `sql_select_limit` ends a result on the server where the statement has no LIMIT itself, one
 * row later than wanted, to tell a result that was cut.
 */
export const statementSettings = (about: ServerAbout, { rows, seconds }: StatementLimits): readonly Setting[] => [
  ...meanings(about),
  timeLimit(about.flavour, seconds),
  ['sql_select_limit', rows + 1],
];

/** Ends the transaction and puts the session's settings back as they were. */
export type GiveBack = () => Promise<void>;

const written = (value: unknown, like: Setting[1]): string => {
  if (value === null || value === undefined) return 'NULL';
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
  if (typeof like === 'string') return mysqlNames.quoteText(text);
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`a setting of the session is no number: ${text}`);
  return text;
};

/**
 * Begins a transaction and makes the settings within it; what is answered ends both. A proxy that pools connections by
 * the transaction hands a session on when its transaction ends: what were set outside it would be another client's, and
 * what stayed set would be the next one's, whose INSERT would then fail. So nothing is set before, or stays after.
 *
 * Every setting is made anew each time, so that nothing one statement may have changed reaches the next.
 */
export const borrowSession = async (
  connection: MysqlConnection,
  about: ServerAbout,
  settings: readonly Setting[],
  access: 'READ ONLY' | 'READ WRITE' = 'READ ONLY',
): Promise<GiveBack> => {
  const isolation = about.flavour === 'mariadb' ? 'tx_isolation' : 'transaction_isolation';
  await connection.ask(`START TRANSACTION ${access}`);
  const read = [isolation, ...settings.map(([name]) => name)].map((name) => `@@SESSION.${name} AS ${name}`);
  // From a table, if only a made one: a statement without leaves the warnings of the one before to be read after it.
  const [before] = await connection.ask(`SELECT ${read.join(', ')} FROM (SELECT 1) AS one`);
  if (before?.[isolation] === 'SERIALIZABLE') {
    // There a SELECT would lock rows. A transaction keeps the level that it began with, and this is of the next alone.
    await connection.ask('ROLLBACK');
    await connection.ask('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await connection.ask(`START TRANSACTION ${access}`);
  }
  const made = settings.filter(([name, , mayStay]) => mayStay?.(before?.[name]) !== true);
  const setAll = (value: (setting: Setting) => string): Promise<unknown> =>
    connection.ask(`SET ${made.map((setting) => `SESSION ${setting[0]} = ${value(setting)}`).join(', ')}`);
  await setAll(([, value]) => written(value, value));
  return async () => {
    // A statement that reads a view may have called what takes a lock by name, which no transaction's end gives back.
    if (releasesLocks(about)) await connection.ask('DO RELEASE_ALL_LOCKS()');
    await setAll(([name, like]) => written(before?.[name], like));
    // A KILL that came too late for the statement ends this, and nothing else.
    await connection.ask('ROLLBACK');
  };
};

const releasesLocks = ({ flavour, version }: ServerAbout): boolean =>
  isAtLeast(version, flavour === 'mariadb' ? [10, 5, 2] : [5, 7, 5]);
