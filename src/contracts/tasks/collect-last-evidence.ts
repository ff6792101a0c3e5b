import * as z from 'zod';
import { ofRun, type Task } from '../task.ts';

/** Called by settle-run, which does not reach the sandbox. */
export const collectLastEvidence = {
  function: 'collect-last-evidence',
  input: z.strictObject(ofRun),
  output: z.strictObject({ collected: z.boolean() }),
} as const satisfies Task;
