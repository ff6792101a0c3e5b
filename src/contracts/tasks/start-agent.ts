import * as z from 'zod';
import { ofAgent, type Task } from '../task.ts';

/** Begins the conversation with an agent. */
export const startAgent = {
  function: 'start-agent',
  input: z.strictObject(ofAgent),
  output: z.strictObject({ model: z.string() }),
} as const satisfies Task;
