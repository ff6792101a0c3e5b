import * as z from 'zod';
import { Name } from '../common.ts';
import { ChunkId } from '../table-ref.ts';
import { ofRun, type Task } from '../task.ts';

/** Puts the profiles of the tables together. */
export const collectProfile = {
  function: 'collect-profile',
  input: z.strictObject({ ...ofRun, node: Name, chunks: z.array(ChunkId).readonly() }),
  output: z.strictObject({
    profiled: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    chunks: z.array(ChunkId).readonly().describe('Of the tables that were measured, for the rules to look at'),
  }),
} as const satisfies Task;
