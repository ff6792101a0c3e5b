import * as z from 'zod';
import { ofAgent, type Task } from '../task.ts';
import { maxCallsPerTurn, ToolCallRef } from '../tool-call-ref.ts';

/** Asks the model for one turn of an agent. */
export const callModel = {
  function: 'call-model',
  input: z.strictObject({ ...ofAgent, turn: z.int().positive() }),
  output: z.strictObject({
    next: z.enum(['run_tools', 'take_turn', 'wait', 'finish']),
    calls: z.array(ToolCallRef).max(maxCallsPerTurn).readonly(),
    tokens: z.int().nonnegative(),
    dollars: z.number().nonnegative(),
    wait_seconds: z.int().positive().optional().describe('Before the model is asked again'),
    error: z.string().optional().describe('Why it has to be asked again'),
    cause: z.string().optional(),
  }),
} as const satisfies Task;
