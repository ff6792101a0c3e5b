import type { PlacedKind, ResultTable, StatementLimits, TargetOf } from '../../../src/contracts/sandbox.ts';
import type { DatabaseSchema } from '../../../src/contracts/schema.ts';
import type { WantedTables } from '../../../src/domain/connection/narrow-schema.ts';
import type { StatementAuthor } from '../policy/statement-policy.ts';
import type { TableAddress } from './table-address.ts';

/** What an engine is given of this machine. Memory and disk bound those that run here, not on a server. */
export type DatabaseBounds = {
  readonly memory_bytes: number;
  readonly spill_folder: string;
  /** The interpreter of the kernel's environment, which has the parser that MySQL's statements are judged with. */
  readonly python: string;
};

/** What opening a database finds. */
export type OpenedDatabase = {
  readonly schema: DatabaseSchema;
  readonly addresses: readonly TableAddress[];
  /** Tables that are there and not the run's; absent where the run is one of all tables. */
  readonly not_asked?: readonly string[];
};

/** An open database. One statement at a time; each in a read-only transaction of its own that is rolled back. */
export type OpenEngine = {
  readonly opened: OpenedDatabase;
  /**
   * Judges and runs one statement. Rows and bytes beyond the limits are never fetched; `seconds` is also told to the
   * server, so that nothing goes on there when nobody waits. Fails with STATEMENT_REFUSED, STATEMENT_FAILED,
   * RUNNER_TIMEOUT, DATABASE_LOST.
   */
  run(sql: string, limits: StatementLimits, author?: StatementAuthor): Promise<ResultTable>;
  /** Told of a statement that waits for its turn, where judging takes long enough to be done meanwhile. */
  judgeAhead?(sql: string, author?: StatementAuthor): void;
  /** Ends the statement that runs: on the server, not here alone. */
  interrupt(): void;
  close(): Promise<void>;
};

/**
 * How an engine opens its targets: with the tables that are wanted, and no others can be reached. Fails with
 * DATABASE_UNREACHABLE, DATABASE_REFUSED, DATABASE_WRITABLE, DATABASE_EMPTY, TABLE_NOT_FOUND.
 */
export type OpenTarget<K extends PlacedKind> = (
  target: TargetOf<K>,
  bounds: DatabaseBounds,
  wanted?: WantedTables,
) => Promise<OpenEngine>;

/** An engine that is loaded: its driver is there, and what takes long to start is under way. */
export type LoadedEngine<K extends PlacedKind> = {
  readonly open: OpenTarget<K>;
  /** Ends what was started for a database that is of another engine. */
  readonly discard?: () => void;
};
