import type { Lease, SandboxInput, SandboxOperation, SandboxOutput } from '../contracts/sandbox.ts';

/** Tasks in which model-written Python and every SQL statement run. */
export type Sandbox = {
  /** A sandbox for one run. Fails with SANDBOX_UNAVAILABLE. */
  acquire(tenant: string, runId: string): Promise<Lease>;
  /** Fails with what the supervisor answers, or SANDBOX_LOST where it does not answer. */
  call<O extends SandboxOperation>(lease: Lease, operation: O, input: SandboxInput<O>): Promise<SandboxOutput<O>>;
  /** Ends the lease and everything in it. Releasing what is gone is no error. */
  release(lease: Lease): Promise<void>;
};
