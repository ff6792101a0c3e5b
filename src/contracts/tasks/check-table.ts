import * as z from 'zod';
import { Name } from '../common.ts';
import { TableRef } from '../table-ref.ts';
import { ofRun, type Task } from '../task.ts';

/** Asks of one measured table what the rules want to know, and keeps what they find. */
export const checkTable = {
  function: 'check-table',
  input: z.strictObject({ ...ofRun, node: Name, ...TableRef.shape }),
  output: z.strictObject({
    ...TableRef.shape,
    findings: z.int().nonnegative(),
    not_looked_at: z.int().nonnegative(),
  }),
} as const satisfies Task;
