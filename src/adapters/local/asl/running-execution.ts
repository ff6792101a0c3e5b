import type { ExecutionStatus, HistoryEvent } from '../../../contracts/execution.ts';
import type { Payload } from './payload.ts';

/** Why an execution is stopped: both are what its status change says. */
export type StopReason = { readonly error: string; readonly cause: string };

/** How an execution ended. */
export type EndedExecution = {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly at: Date;
  readonly output?: Payload;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
};

/** One execution, from its start on. */
export type RunningExecution = {
  readonly id: string;
  readonly machine: string;
  readonly name: string;
  readonly input: Payload;
  readonly startedAt: Date;
  /** The execution that waits for this one, where one does. */
  readonly startedBy: string | undefined;
  readonly events: readonly HistoryEvent[];
  /** How it ended, or undefined while it runs. */
  outcome(): EndedExecution | undefined;
  /** Resolves when it has ended, with its history complete. */
  readonly ended: Promise<EndedExecution>;
  /** Ends it as ABORTED, if it runs. What it was doing is aborted; nobody waits for that. */
  stop(reason: StopReason): void;
};
