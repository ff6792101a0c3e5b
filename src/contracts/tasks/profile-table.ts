import * as z from 'zod';
import { Name } from '../common.ts';
import { TableRef } from '../table-ref.ts';
import { ofRun, type Task } from '../task.ts';

/** Measures one table. */
export const profileTable = {
  function: 'profile-table',
  input: z.strictObject({ ...ofRun, node: Name, ...TableRef.shape }),
  output: z.strictObject({ ...TableRef.shape, rows: z.number().nonnegative() }),
} as const satisfies Task;
