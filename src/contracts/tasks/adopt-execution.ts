import * as z from 'zod';
import { RunId, Tenant } from '../common.ts';
import type { Task } from '../task.ts';

/** Makes the run of an execution that was started with a catalog request. */
export const adoptExecution = {
  function: 'adopt-execution',
  input: z.strictObject({
    request: z.unknown().describe('The input of the execution'),
    name: z.string().describe('Of the execution'),
    execution_id: z.string(),
    started_at: z.iso.datetime().describe('When the execution began'),
  }),
  output: z.strictObject({ tenant: Tenant, run_id: RunId }),
} as const satisfies Task;
