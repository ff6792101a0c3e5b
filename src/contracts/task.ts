import * as z from 'zod';
import { Name, RunId, Tenant } from './common.ts';

/**
 * What a function that states or events call is given and answers: ids and small verdicts, never data. A payload is
 * capped at 256 KiB by Step Functions; these stay far below. `function` is its folder below functions/.
 */
export type Task<N extends string = string, I = unknown, O = unknown> = {
  readonly function: N;
  readonly input: z.ZodType<I>;
  readonly output: z.ZodType<O>;
};

/** What names the run in the input of a task. */
export const ofRun = {
  tenant: Tenant,
  run_id: RunId,
  attempt: z.int().positive().optional().describe('Of the run; absent in executions of older machines'),
};

/** What names an agent of the run. */
export const ofAgent = { ...ofRun, node: Name, agent: Name };
