/**
 * An error as Amazon States Language knows it: a name that `Retry` and `Catch` match, and a cause for people. It lives
 * inside the engine alone: an execution that fails with it reports both as its `error` and `cause`.
 */
export class StatesError extends Error {
  readonly error: string | undefined;
  override readonly cause: string | undefined;

  constructor(error: string | undefined, cause?: string) {
    super(cause ?? error ?? 'failed without a name');
    this.name = 'StatesError';
    this.error = error;
    this.cause = cause;
  }
}

/** Any thrown thing as a StatesError; one that is none is a fault of the engine and ends the execution. */
export const toStatesError = (thrown: unknown): StatesError => {
  if (thrown instanceof StatesError) return thrown;
  return new StatesError(
    'States.Runtime',
    thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
  );
};

/** An error as `$states.errorOutput` shows it. Both fields are always there: a time-out has an empty cause. */
export const errorOutput = ({ error, cause }: StatesError): Readonly<Record<'Error' | 'Cause', string | null>> => ({
  Error: error ?? null,
  Cause: cause ?? (error === undefined ? null : ''),
});

/** Errors that no wildcard matches, as Step Functions documents them. */
const beyondWildcards = new Set(['States.Runtime', 'States.DataLimitExceeded']);

/** What `States.TaskFailed` leaves out besides: time-outs, and a query that fails is not the task failing. */
const beyondTaskFailed = new Set([
  ...beyondWildcards,
  'States.Timeout',
  'States.HeartbeatTimeout',
  'States.QueryEvaluationError',
]);

/** Whether the `ErrorEquals` of a retrier or catcher takes an error. Nothing takes States.Runtime, not even its own name. */
export const matchesError = (errorEquals: readonly string[], { error = '' }: StatesError): boolean => {
  if (error === 'States.Runtime') return false;
  return errorEquals.some((pattern) => {
    if (pattern === error) return true;
    if (pattern === 'States.ALL') return !beyondWildcards.has(error);
    if (pattern === 'States.TaskFailed') return !beyondTaskFailed.has(error);
    return pattern === 'States.Timeout' && error === 'States.HeartbeatTimeout';
  });
};
