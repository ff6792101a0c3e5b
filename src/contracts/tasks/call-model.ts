import * as z from 'zod';
import { ofAgent, type Task } from '../task.ts';
import { maxCallsPerTurn, ToolCallRef } from '../tool-call-ref.ts';

/** Asks the model for one turn of an agent. */
export const callModel = {
  function: 'call-model',
  input: z.strictObject({ ...ofAgent, turn: z.int().positive() }),
  output: z.strictObject({
    next: z.enum(['run_tools', 'take_turn', 'finish']),
    calls: z.array(ToolCallRef).max(maxCallsPerTurn).readonly(),
    tokens: z.int().nonnegative(),
    dollars: z.number().nonnegative(),
  }),
} as const satisfies Task;
