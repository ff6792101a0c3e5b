import { type ExecutionStatusChange, runIdsOf } from '../src/contracts/execution.ts';
import type { RunExecutionEnd } from '../src/use-cases/settle-run.ts';

/** What an event of EventBridge says of a run's execution; undefined where the execution is not a run's. */
export const readStatusChange = ({ detail }: ExecutionStatusChange): RunExecutionEnd | undefined => {
  const ids = runIdsOf(JSON.parse(detail.input || 'null'));
  if (ids === undefined) return undefined;
  const { executionArn, name, status, error, cause } = detail;
  return { ...ids, execution_id: executionArn, name, status, error: error ?? '', cause: cause ?? '' };
};
