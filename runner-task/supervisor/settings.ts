import * as z from 'zod';
import { IsolationLevel } from '../../src/contracts/isolation.ts';

/** What a supervisor is told when it starts. Nothing in it is a secret: a task's description shows its environment. */
export const SupervisorSettings = z.strictObject({
  token_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('SHA-256 of the lease’s bearer token, in hex; the token is random, so it cannot be guessed from this'),
  listen: z.union([
    z.strictObject({ socket: z.string().describe('Path of the Unix socket to make') }),
    z.strictObject({ host: z.string(), port: z.int().nonnegative() }),
  ]),
  folder: z.string().describe('An empty folder of its own, for workspaces and spilled data'),
  python: z.string().describe('The interpreter of the kernel’s environment'),
  kernel: z.string().describe('The folder of the kernel’s main.py'),
  kernel_socket: z
    .string()
    .optional()
    .describe('Path of the socket at which another container starts kernels; without it they are child processes'),
  database_memory_bytes: z
    .int()
    .positive()
    .describe('DuckDB’s memory_limit in each database process; well beyond it the process is killed'),
  kernel_memory_bytes: z.int().positive().describe('At this the Python process is killed'),
  lease_seconds: z
    .int()
    .positive()
    .max(86_400)
    .describe('After so long without a call the lease has lapsed, and the supervisor ends'),
  folders: z
    .strictObject({ closed: z.array(z.string()).readonly(), except: z.array(z.string()).readonly() })
    .optional()
    .describe('Folders of which nothing is opened, and those beneath them of which something is all the same'),
  object_origin: z
    .string()
    .optional()
    .describe('Where objects of buckets are fetched from in the place of S3, as in http://127.0.0.1:4566'),
  isolation_at_least: IsolationLevel.describe('A kernel whose jail is weaker is not used'),
});
export type SupervisorSettings = z.infer<typeof SupervisorSettings>;
