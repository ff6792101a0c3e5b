import type { Advice } from '../../contracts/advice.ts';
import { Failure, type FailureKind } from '../../contracts/failure.ts';
import { reportOfCause } from '../../contracts/failure-cause.ts';
import { type FailureReport, failureFrom, reportOf } from '../../contracts/failure-report.ts';
import type { ExecutionStatus } from '../../contracts/execution.ts';
import type { RunStatus } from '../../contracts/run.ts';

/** How a run ended. */
export type RunOutcome = { readonly status: Exclude<RunStatus, 'running'>; readonly failure?: FailureReport };

/** What the end of an execution means for its run; undefined while it goes on. */
export const runOutcome = (status: ExecutionStatus, error: string, cause: string): RunOutcome | undefined => {
  switch (status) {
    case 'RUNNING':
      return undefined;
    case 'SUCCEEDED':
      return { status: 'succeeded' };
    case 'TIMED_OUT':
      return {
        status: 'timed_out',
        failure: fail('RUN_TIMED_OUT', 'The run took longer than its chain allows.', { kind: 'shorten_run' }),
      };
    case 'ABORTED':
      if (error === ('RUN_INTERRUPTED' satisfies FailureKind))
        return { status: 'interrupted', failure: reportOfCause(error, cause) };
      return {
        status: 'cancelled',
        failure: fail('RUN_CANCELLED', cause === '' ? 'The execution was stopped.' : cause),
      };
    case 'FAILED': {
      const failure = reportOfCause(error, cause);
      if (failure.kind === ('BUDGET_EXCEEDED' satisfies FailureKind)) return { status: 'budget_exceeded', failure };
      if (failure.kind === 'States.Timeout')
        return {
          status: 'timed_out',
          failure: fail(
            'RUN_TIMED_OUT',
            failure.message === '' ? 'A state of the run took longer than it may.' : failure.message,
          ),
        };
      // Names of the engine's own (States.Runtime, Lambda.Unknown) are no rows of the failure table.
      return {
        status: 'failed',
        failure: reportOf(failureFrom(failure)),
      };
    }
  }
};

const fail = (kind: FailureKind, message: string, advice?: Advice): FailureReport =>
  reportOf(new Failure(kind, message, { advice }));
