import { failureFrom } from '../../src/contracts/failure-report.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { FailureKind } from '../../src/contracts/failure.ts';
import type { RunStatus, RunView } from '../../src/contracts/run.ts';

const kindOf = (status: Exclude<RunStatus, 'running' | 'succeeded'>): FailureKind => {
  switch (status) {
    case 'failed':
      return 'INTERNAL';
    case 'cancelled':
      return 'RUN_CANCELLED';
    case 'timed_out':
      return 'RUN_TIMED_OUT';
    case 'budget_exceeded':
      return 'BUDGET_EXCEEDED';
    case 'interrupted':
      return 'RUN_INTERRUPTED';
  }
};

/** Why a run came to nothing, as a command that waited for it fails; undefined where it succeeded or goes on. */
export const runFailure = (view: RunView): Failure | undefined => {
  if (view.status === 'running' || view.status === 'succeeded') return undefined;
  const { kind, message, where, advice } = failureFrom(
    view.failure ?? { kind: kindOf(view.status), message: 'The run left no reason; its steps tell more.' },
  );
  return new Failure(kind, `Run ${view.run_id} ended as ${view.status}. ${message}`, { where, advice });
};
