import * as z from 'zod';
import type { Task } from '../task.ts';

/** Called every few minutes, with whatever the clock says. */
export const reconcileRuns = {
  function: 'reconcile-runs',
  input: z.looseObject({}),
  output: z.strictObject({
    settled: z.int().nonnegative(),
    secrets: z.int().nonnegative(),
    sandboxes: z.int().nonnegative(),
  }),
} as const satisfies Task;
