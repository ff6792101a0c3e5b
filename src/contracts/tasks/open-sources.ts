import * as z from 'zod';
import { ChunkId } from '../table-ref.ts';
import { ofRun, type Task } from '../task.ts';

/** Opens the run's databases in its sandbox, and writes the list of the tables, in chunks. */
export const openSources = {
  function: 'open-sources',
  input: z.strictObject(ofRun),
  output: z.strictObject({ tables: z.int().nonnegative(), chunks: z.array(ChunkId).readonly() }),
} as const satisfies Task;
