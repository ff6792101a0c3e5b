import type { ExecutionStatusChange } from '../contracts/execution.ts';
import { runOfExecution } from '../domain/run/adopted-run.ts';
import type { RunExecutionEnd } from './settle-run.ts';

/** What an event of EventBridge says of a run's execution; undefined where the execution is not a run's. */
export const readStatusChange = ({ detail }: ExecutionStatusChange): RunExecutionEnd | undefined => {
  const { executionArn, name, startDate = 0, status, error, cause } = detail;
  const ids = runOfExecution({ name, input: JSON.parse(detail.input || 'null'), started_at: startDate });
  if (ids === undefined) return undefined;
  return { ...ids, execution_id: executionArn, name, status, error: error ?? '', cause: cause ?? '' };
};
