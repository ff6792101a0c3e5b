import type { Lease, LeaseHolder, SandboxInput, SandboxOperation, SandboxOutput } from '../contracts/sandbox.ts';

/** Tasks in which model-written Python and every SQL statement run. */
export type Sandbox = {
  /**
   * A sandbox for one holder, once there is one: holders wait in turn, and fairly between tenants. The same one asking again
   * gets the one it has. Fails with SANDBOX_UNAVAILABLE where too many wait or it takes too long.
   */
  acquire(tenant: string, holder: LeaseHolder): Promise<Lease>;
  /** Fails with what the supervisor answers, or SANDBOX_LOST where it does not answer. */
  call<O extends SandboxOperation>(lease: Lease, operation: O, input: SandboxInput<O>): Promise<SandboxOutput<O>>;
  /** Ends the lease and everything in it. Releasing what is gone is no error. */
  release(lease: Lease): Promise<void>;
  /** The holder needs none any more: it leaves the queue, and what it was about to be given goes back. */
  abandon(tenant: string, holder: LeaseHolder): Promise<void>;
};
