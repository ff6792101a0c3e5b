import type { DatabaseSync } from 'node:sqlite';
import { Failure } from '../../../../src/contracts/failure.ts';
import type { ResultTable, ResultValue, StatementLimits } from '../../../../src/contracts/sandbox.ts';
import { valueBytes } from '../value-bytes.ts';
import { mostValueBytes } from './open-file.ts';
import { isError, sqliteError, withApplication } from './sqlite-error.ts';

type Value = null | bigint | number | string | Uint8Array;

/** As what a value is stored. */
const storedAs = (value: Value): string | undefined => {
  if (value === null) return undefined;
  if (typeof value === 'bigint') return 'INTEGER';
  if (typeof value === 'number') return 'REAL';
  return typeof value === 'string' ? 'TEXT' : 'BLOB';
};

const resultValue = (value: Value): ResultValue => {
  if (value === null || typeof value === 'string') return value;
  // JSON has no infinities.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  // Beyond 2^53 a JSON number would lose digits.
  if (typeof value === 'bigint')
    return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER ? Number(value) : String(value);
  return `X'${Buffer.from(value).toString('hex').toUpperCase()}'`;
};

/** The type of a result's column: what its values are, for SQLite keeps to no declared one; a time only if that says so. */
const resultType = (declared: string | null, stored: ReadonlySet<string>): string => {
  const [first, ...others] = stored;
  if (first === undefined) return declared ?? '';
  if (others.length > 0) return stored.size === 2 && stored.has('INTEGER') && stored.has('REAL') ? 'REAL' : 'ANY';
  return first === 'TEXT' && /^(date|datetime|timestamp)$/i.test(declared ?? '')
    ? (declared ?? '').toUpperCase()
    : first;
};

const readResult = (database: DatabaseSync, sql: string, limits: StatementLimits): ResultTable => {
  const until = performance.now() + limits.seconds * 1000;
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  statement.setReadBigInts(true);
  const described = statement.columns();
  const stored = described.map(() => new Set<string>());
  const values: ResultValue[][] = described.map(() => []);
  let rows = 0;
  let bytes = 0;
  let truncated = false;
  // Declared as objects by Node's types, whatever was set; leaving the loop ends the statement.
  for (const row of statement.iterate() as Iterable<unknown> as Iterable<readonly Value[]>) {
    const read = row.map(resultValue);
    bytes += read.reduce<number>((sum, value) => sum + valueBytes(value), 0);
    if (rows === limits.rows || bytes > limits.bytes) {
      truncated = true;
      break;
    }
    if (performance.now() > until)
      throw new Failure(
        'RUNNER_TIMEOUT',
        `The statement took longer than ${limits.seconds} s and was ended. Ask for less at once.`,
      );
    for (const [index, value] of row.entries()) {
      const kind = storedAs(value);
      if (kind !== undefined) stored[index]?.add(kind);
      values[index]?.push(read[index] ?? null);
    }
    rows += 1;
  }
  const columns = described.map(({ name, type }, index) => ({
    name,
    type: resultType(type, stored[index] ?? new Set()),
  }));
  return { columns, values, rows, truncated };
};

const statementFailure = (thrown: unknown): Failure => {
  if (thrown instanceof Failure) return thrown;
  const error = sqliteError(thrown);
  const { message } = error;
  if (isError(error, 'noMemory'))
    return new Failure('RUNNER_MEMORY', 'The statement took more memory than there is. Ask for less at once.');
  if (isError(error, 'tooBig'))
    return new Failure(
      'STATEMENT_FAILED',
      `A value is larger than ${mostValueBytes / 1024 / 1024} MiB: ${message}. Take parts of it with substr().`,
    );
  if (isError(error, 'corrupt'))
    return new Failure('STATEMENT_FAILED', `The file is damaged where the statement reads it: ${message}.`);
  if (isError(error, 'busy'))
    return new Failure(
      'STATEMENT_FAILED',
      `Somebody else is writing to the database, and was waited for: ${message}. Try again later.`,
    );
  return new Failure('STATEMENT_FAILED', withApplication(message), { cause: thrown });
};

/**
 * Runs a checked statement and reads its result up to the limits. SQLite computes a row when it is asked for it, so those
 * beyond are never made. Between rows the time is looked at; while one is made nothing can end it here, so the process is
 * killed when its time is over.
 */
export const runStatement = (database: DatabaseSync, sql: string, limits: StatementLimits): ResultTable => {
  try {
    return readResult(database, sql, limits);
  } catch (error) {
    throw statementFailure(error);
  }
};
