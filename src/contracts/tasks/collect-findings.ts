import * as z from 'zod';
import { Name } from '../common.ts';
import { ChunkId } from '../table-ref.ts';
import { ofRun, type Task } from '../task.ts';

/** Puts together what the rules found in the tables, and what the whole database tells. */
export const collectFindings = {
  function: 'collect-findings',
  input: z.strictObject({ ...ofRun, node: Name, chunks: z.array(ChunkId).readonly() }),
  output: z.strictObject({ findings: z.int().nonnegative(), not_looked_at: z.int().nonnegative() }),
} as const satisfies Task;
