import * as z from 'zod';
import { ChunkId, TableRef } from '../table-ref.ts';
import { ofRun, type Task } from '../task.ts';

/** Reads the tables of a chunk, for the Map over them. */
export const listTables = {
  function: 'list-tables',
  input: z.strictObject({ ...ofRun, chunk: ChunkId }),
  output: z.strictObject({ tables: z.array(TableRef).readonly() }),
} as const satisfies Task;
