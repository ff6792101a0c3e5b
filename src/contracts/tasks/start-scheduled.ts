import * as z from 'zod';
import { Name, RunId, Tenant, Timestamp } from '../common.ts';
import { LastDue } from '../schedule.ts';
import type { Task } from '../task.ts';

/** Called by the scheduler when a schedule is due. */
export const startScheduled = {
  function: 'start-scheduled',
  input: z.strictObject({
    tenant: Tenant,
    schedule: Name,
    changed_at: Timestamp.describe('Of the schedule as the scheduler knows it'),
    due_at: z.iso.datetime().describe('The same in every call for one time'),
    execution_id: z.string().describe('Of this call; EventBridge Scheduler gives each attempt another'),
  }),
  output: z.strictObject({
    outcome: z.enum([...LastDue.shape.outcome.options, 'nothing']).describe('`nothing`: it is not due, or no longer'),
    run_id: RunId.optional(),
  }),
} as const satisfies Task;
