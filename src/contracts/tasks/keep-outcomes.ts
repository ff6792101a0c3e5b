import * as z from 'zod';
import { ChunkId, TableOutcome } from '../table-ref.ts';
import { ofRun, type Task } from '../task.ts';

/** Keeps what became of the tables of a chunk. */
export const keepOutcomes = {
  function: 'keep-outcomes',
  input: z.strictObject({
    ...ofRun,
    chunk: ChunkId,
    outcomes: z.array(TableOutcome).readonly().describe('In the order of the chunk’s tables'),
  }),
  output: z.strictObject({ tables: z.int().nonnegative(), failed: z.int().nonnegative() }),
} as const satisfies Task;
