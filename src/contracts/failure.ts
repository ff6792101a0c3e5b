import type { Advice } from './advice.ts';

/**
 * The failure table: every way a request or a run can fail, once.
 *
 * It drives problem+json bodies (`status`), ASL `Retry` and `Catch` (the name and `retryable`), the exit codes of the
 * command line (`exit_code`) and the names that the Python kernel raises.
 */
export const failures = {
  INVALID_REQUEST: { status: 400, retryable: false, exit_code: 2, title: 'The request is not valid' },
  UNSUPPORTED_DATABASE: {
    status: 400,
    retryable: false,
    exit_code: 2,
    title: 'This kind of database is not supported',
  },
  UNAUTHENTICATED: { status: 401, retryable: false, exit_code: 3, title: 'No valid API key was given' },
  FORBIDDEN: { status: 403, retryable: false, exit_code: 3, title: 'The API key may not do this' },
  NOT_FOUND: { status: 404, retryable: false, exit_code: 4, title: 'What was asked for does not exist' },
  DATASET_NOT_FOUND: { status: 404, retryable: false, exit_code: 4, title: 'There is no such dataset' },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, exit_code: 2, title: 'The path exists, the method does not' },
  CONFLICT: { status: 409, retryable: false, exit_code: 5, title: 'This cannot be done as things stand' },
  REQUEST_TOO_LARGE: { status: 413, retryable: false, exit_code: 2, title: 'The request is too large' },

  RATE_LIMITED: { status: 429, retryable: false, exit_code: 6, title: 'Too many requests' },
  DATABASE_UNREACHABLE: { status: 502, retryable: false, exit_code: 10, title: 'The database cannot be reached' },
  DATABASE_REFUSED: {
    status: 502,
    retryable: false,
    exit_code: 10,
    title: 'The database refused the login or the right to read',
  },
  DATABASE_WRITABLE: { status: 422, retryable: false, exit_code: 10, title: 'The role can write to the database' },
  DATABASE_LOST: { status: 502, retryable: false, exit_code: 10, title: 'The database went away' },
  DATABASE_EMPTY: { status: 422, retryable: false, exit_code: 11, title: 'The database has no table to survey' },
  TABLE_NOT_FOUND: { status: 422, retryable: false, exit_code: 11, title: 'A named table does not exist' },
  STATEMENT_REFUSED: { status: 422, retryable: false, exit_code: 12, title: 'The statement is not allowed' },
  STATEMENT_FAILED: { status: 422, retryable: false, exit_code: 12, title: 'The database could not run the statement' },

  SANDBOX_UNAVAILABLE: { status: 503, retryable: true, exit_code: 20, title: 'No sandbox could be had' },
  SANDBOX_LOST: { status: 502, retryable: false, exit_code: 20, title: 'The sandbox is gone' },
  RUNNER_TIMEOUT: { status: 504, retryable: false, exit_code: 21, title: 'The sandboxed work took too long' },
  RUNNER_MEMORY: { status: 507, retryable: false, exit_code: 21, title: 'The sandboxed work took too much memory' },
  PYTHON_FAILED: { status: 422, retryable: false, exit_code: 22, title: 'The Python code raised an exception' },

  MODEL_UNAVAILABLE: { status: 503, retryable: true, exit_code: 30, title: 'The model cannot be reached' },
  MODEL_OVERLOADED: { status: 503, retryable: false, exit_code: 30, title: 'The model is overloaded' },
  MODEL_RATE_LIMITED: {
    status: 503,
    retryable: false,
    exit_code: 34,
    title: 'The model takes no more requests for longer than a run waits',
  },
  MODEL_REJECTED: { status: 502, retryable: false, exit_code: 31, title: 'The model service rejected the request' },
  MODEL_REFUSED: { status: 502, retryable: false, exit_code: 31, title: 'The model declined to answer' },
  AGENT_WITHOUT_REPORT: { status: 502, retryable: false, exit_code: 32, title: 'The agent ended without a report' },
  BUDGET_EXCEEDED: { status: 402, retryable: false, exit_code: 33, title: 'The budget is used up' },

  RUN_TIMED_OUT: { status: 504, retryable: false, exit_code: 40, title: 'The run took too long' },
  RUN_CANCELLED: { status: 409, retryable: false, exit_code: 41, title: 'The run was stopped' },
  RUN_INTERRUPTED: { status: 503, retryable: false, exit_code: 42, title: 'The service stopped during the run' },

  STORAGE_FAILED: { status: 503, retryable: true, exit_code: 50, title: 'Data could not be read or stored' },
  SETTING_INVALID: { status: 500, retryable: false, exit_code: 51, title: 'A setting is wrong' },
  SERVICE_UNREACHABLE: {
    status: 503,
    retryable: false,
    exit_code: 52,
    title: 'The Surveyor service cannot be reached',
  },
  INTERNAL: { status: 500, retryable: false, exit_code: 70, title: 'Something in Surveyor went wrong' },
} as const satisfies Record<string, FailureRow>;

/** One row of the failure table. */
export type FailureRow = {
  readonly status: number;
  readonly retryable: boolean;
  readonly exit_code: number;
  readonly title: string;
};

/** The name of a failure: its row in the table, the `Error` of an ASL state, the class raised in Python. */
export type FailureKind = keyof typeof failures;

/** All names of the table, in its order. */
export const failureKinds = Object.keys(failures) as readonly FailureKind[];

/** Whether a name (an ASL error, a field of a reply) is a row of the table. */
export const isFailureKind = (name: unknown): name is FailureKind =>
  typeof name === 'string' && Object.hasOwn(failures, name);

/** What more a failure can say. */
export type FailureOptions = {
  /** The part of the input that was wrong: `body.tables.1`, `SURVEYOR_PORT`, a table's name. */
  readonly where?: string | undefined;
  /** The place in a statement that a database points at: its line, and a mark below it. */
  readonly excerpt?: string | undefined;
  /** What can be done about it, for each reader to be told in words of their own. */
  readonly advice?: Advice | undefined;
  /** Seconds after which another try may go well. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
};

/**
 * The one class of error. Its message says what was wrong, where, and, with the advice, what to do; it is shown to people
 * as it is, so it never carries a credential. `name` is the kind, because ASL matches errors by name.
 */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly where: string | undefined;
  readonly excerpt: string | undefined;
  readonly advice: Advice | undefined;
  readonly retryAfter: number | undefined;

  constructor(kind: FailureKind, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = kind;
    this.kind = kind;
    this.where = options.where;
    this.excerpt = options.excerpt;
    this.advice = options.advice;
    this.retryAfter = options.retryAfter;
  }
}

/** What a thrown thing says. A validator's own words are none of ours: they are code, and hold what was read. */
const wordsOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.name === 'ZodError' || thrown.name === '$ZodError'
    ? 'Something that was read is not of the form that it should have. Look whether all parts of Surveyor are of one version.'
    : thrown.message;
};

/** Any thrown thing as a Failure; what is not one already becomes INTERNAL with the original as its cause. */
export const toFailure = (thrown: unknown): Failure => {
  if (thrown instanceof Failure) return thrown;
  const message = wordsOf(thrown);
  const kind = thrown instanceof Error && isFailureKind(thrown.name) ? thrown.name : 'INTERNAL';
  return new Failure(kind, message, { cause: thrown });
};
