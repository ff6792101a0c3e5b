import { z } from 'zod';
import { IsolationLevel } from '../../src/contracts/isolation.ts';

/**
 * What a supervisor is told, as one line of JSON on its standard input: never in arguments or the environment, where
 * every process list would show the token.
 */
export const SupervisorSettings = z.strictObject({
  token: z.string().min(32).describe('The bearer token of the lease'),
  listen: z.union([
    z.strictObject({ socket: z.string().describe('Path of the Unix socket to make') }),
    z.strictObject({ host: z.string(), port: z.int().nonnegative() }),
  ]),
  folder: z.string().describe('An empty folder of its own, for workspaces and spilled data'),
  python: z.string().describe('The interpreter of the kernel’s environment'),
  kernel: z.string().describe('The folder of the kernel’s main.py'),
  database_memory_bytes: z
    .int()
    .positive()
    .describe('DuckDB’s memory_limit in each database process; well beyond it the process is killed'),
  kernel_memory_bytes: z.int().positive().describe('At this the Python process is killed'),
  isolation_at_least: IsolationLevel.describe('A kernel whose jail is weaker is not used'),
});
export type SupervisorSettings = z.infer<typeof SupervisorSettings>;
