import type { ExecutionStatus, HistoryEvent } from '../contracts/execution.ts';

/** An execution as `DescribeExecution` shows it. */
export type Execution = {
  readonly execution_id: string;
  readonly machine: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly started_at: string;
  readonly ended_at?: string;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
};

/** An engine that runs Amazon States Language. The end of each execution reaches settle-run as a status-change event. */
export type Workflow = {
  /** A name that is running with the same input answers with that execution; any other use of a known name fails with CONFLICT. */
  start(request: {
    readonly machine: string;
    readonly name: string;
    readonly input: unknown;
  }): Promise<{ readonly execution_id: string }>;
  /**
   * Stops the execution and the ones it started, and tells the functions under way to give up. One that has ended stays as
   * it is. Its status change carries `error` and `cause`.
   */
  stop(executionId: string, reason: { readonly error: string; readonly cause: string }): Promise<void>;
  describe(executionId: string): Promise<Execution | undefined>;
  /** The execution of a machine by its name, as one finds whether a run has begun whose execution nobody noted. */
  find(machine: string, name: string): Promise<Execution | undefined>;
  /** The whole history, oldest first; empty for an unknown execution. */
  history(executionId: string): Promise<readonly HistoryEvent[]>;
  sendTaskSuccess(token: string, output: unknown): Promise<void>;
  sendTaskFailure(token: string, error: string, cause: string): Promise<void>;
  /** Creates or replaces a machine. Fails with INVALID_REQUEST on a definition the engine would not take. */
  deploy(machine: string, definition: unknown): Promise<void>;
  remove(machine: string): Promise<void>;
};
