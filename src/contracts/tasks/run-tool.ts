import * as z from 'zod';
import { ofAgent, type Task } from '../task.ts';
import { ToolCallRef } from '../tool-call-ref.ts';

/** Runs one tool call of a turn. */
export const runTool = {
  function: 'run-tool',
  input: z.strictObject({ ...ofAgent, turn: z.int().positive(), call: ToolCallRef }),
  output: z.strictObject({ id: z.string(), ok: z.boolean() }),
} as const satisfies Task;
