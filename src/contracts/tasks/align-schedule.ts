import * as z from 'zod';
import { Name, Tenant } from '../common.ts';
import type { Task } from '../task.ts';

/** Called by the scheduler a few minutes after a change was announced. */
export const alignSchedule = {
  function: 'align-schedule',
  input: z.strictObject({ tenant: Tenant, schedule: Name }),
  output: z.strictObject({ stored: z.boolean() }),
} as const satisfies Task;
