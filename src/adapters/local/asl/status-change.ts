import type { ExecutionStatusChange } from '../../../contracts/execution.ts';
import { machineArn } from './arn.ts';
import type { EndedExecution, RunningExecution } from './running-execution.ts';

/** The event that tells of an execution's end, as EventBridge delivers it. */
export const statusChange = (execution: RunningExecution, ended: EndedExecution): ExecutionStatusChange => ({
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  time: ended.at.toISOString(),
  resources: [execution.id],
  detail: {
    executionArn: execution.id,
    stateMachineArn: machineArn(execution.machine),
    name: execution.name,
    status: ended.status,
    startDate: execution.startedAt.getTime(),
    stopDate: ended.at.getTime(),
    input: execution.input.json,
    output: ended.output?.json ?? null,
    error: ended.error ?? null,
    cause: ended.cause ?? null,
  },
});
