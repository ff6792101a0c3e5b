import * as z from 'zod';
import { ofAgent, type Task } from '../task.ts';

/** Puts the tool results of a turn, or a reminder, into the conversation, and says whether another turn may follow. */
export const closeTurn = {
  function: 'close-turn',
  input: z.strictObject({ ...ofAgent, turn: z.int().positive() }),
  output: z.strictObject({ next: z.enum(['call_model', 'finish']) }),
} as const satisfies Task;
