import * as z from 'zod';
import { ExecutionStatusChange } from '../execution.ts';
import type { Task } from '../task.ts';

/** Ends a run as its execution has ended. */
export const settleRun = {
  function: 'settle-run',
  input: ExecutionStatusChange,
  output: z.strictObject({ settled: z.boolean() }),
} as const satisfies Task;
