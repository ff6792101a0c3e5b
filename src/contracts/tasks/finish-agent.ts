import * as z from 'zod';
import { AgentStatus } from '../agent.ts';
import { ofAgent, type Task } from '../task.ts';

/** Also the end of an agent whose state failed: `error` is then the name of the failure, empty otherwise. */
export const finishAgent = {
  function: 'finish-agent',
  input: z.strictObject({ ...ofAgent, error: z.string().default(''), cause: z.string().default('') }),
  output: z.strictObject({
    status: AgentStatus,
    error: z.string().optional(),
    cause: z.string().optional(),
    tokens: z.int().nonnegative(),
    dollars: z.number().nonnegative(),
  }),
} as const satisfies Task;
