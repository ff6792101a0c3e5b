import * as z from 'zod';
import { ofRun, type Task } from '../task.ts';

/** Takes the run's sandbox, or says how far it is with that: the machine waits, and asks again. */
export const takeSandbox = {
  function: 'take-sandbox',
  input: z.strictObject({ ...ofRun, since: z.string().describe('When the waiting began, as an ISO time') }),
  output: z.strictObject({
    state: z.enum(['queued', 'starting', 'ready']),
    wait_seconds: z.int().nonnegative(),
    waited_seconds: z.int().nonnegative(),
  }),
} as const satisfies Task;
