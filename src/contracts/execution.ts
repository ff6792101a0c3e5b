import * as z from 'zod';

/** Executions of state machines, in the shape of the Step Functions API, whichever engine runs them. */

/** How an execution stands, in Step Functions' words. */
export const ExecutionStatus = z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);
export type ExecutionStatus = z.infer<typeof ExecutionStatus>;

/**
 * One history event as `GetExecutionHistory` lists it: `type` names the event, and the details stand in the field named
 * after it (`stateEnteredEventDetails`, `taskFailedEventDetails` …).
 */
export const HistoryEvent = z.looseObject({
  id: z.int().positive(),
  previousEventId: z.int().nonnegative(),
  timestamp: z.string(),
  type: z.string(),
});
export type HistoryEvent = z.infer<typeof HistoryEvent>;

/** The event that ends an execution, as EventBridge delivers it. */
export const ExecutionStatusChange = z.looseObject({
  source: z.literal('aws.states'),
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.looseObject({
    executionArn: z.string(),
    stateMachineArn: z.string(),
    name: z.string(),
    status: ExecutionStatus,
    startDate: z.number().optional().describe('In milliseconds'),
    input: z.string().nullish(),
    output: z.string().nullish(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});
export type ExecutionStatusChange = z.infer<typeof ExecutionStatusChange>;

/** The ids of a run in its execution's input. */
export type RunIds = { readonly tenant: string; readonly run_id: string };

/** A run's ids in its execution's input. An agent's loop has them too, but with its node: it is a part of a run. */
export const runIdsOf = (input: unknown): RunIds | undefined => {
  if (typeof input !== 'object' || input === null || 'node' in input) return undefined;
  const { tenant, run_id } = input as Readonly<Record<string, unknown>>;
  return typeof tenant === 'string' && typeof run_id === 'string' ? { tenant, run_id } : undefined;
};
