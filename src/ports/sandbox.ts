import type { Lease, LeaseHolder, SandboxInput, SandboxOperation, SandboxOutput } from '../contracts/sandbox.ts';

/** How far a holder is: `queued` behind others, `starting`, or `ready` with the right to use the sandbox. */
export type Taken =
  | {
      readonly state: 'queued' | 'starting';
      /** A good moment to ask again: 1 to 60. */
      readonly wait_seconds: number;
    }
  | { readonly state: 'ready'; readonly lease: Lease };

/** What a sweep found and ended. */
export type SandboxSweep = {
  /** Holders that live no more, or that went away before they had a sandbox. */
  readonly holders: number;
  /** Sandboxes that ran and that nobody has. */
  readonly stopped: readonly {
    readonly sandbox: string;
    /** What it was started for, in the platform's words. */
    readonly started_by: string;
    readonly reason: string;
  }[];
};

/** Tasks in which model-written Python and every SQL statement run. */
export type Sandbox = {
  /**
   * Takes a sandbox for one holder, or says how far it is with that: one goes on by asking again. It answers within about
   * 20 s, and at once where one is ready. Holders wait in turn, and fairly between tenants; who has not asked for some
   * minutes loses its place, and what was started for it is ended.
   *
   * `attempt` is the run's (1 for a conversation). Asking again with the same one, at the same time too, changes nothing: the
   * holder keeps its place, its start and its lease, or gets another in place of one that is no more. A later attempt gets one
   * of its own: what the holder had before is ended. An earlier attempt than the one that was here fails with CONFLICT.
   *
   * Fails with SANDBOX_UNAVAILABLE, and says why, where one cannot be started or too many wait; with RUN_CANCELLED where
   * the holder was abandoned while this waited.
   *
   * @example
   * const taken = await ports.sandbox.take(tenant, heldByRun(run.run_id), run.attempt);
   * if (taken.state === 'ready') await ports.leases.put(taken.lease);
   */
  take(tenant: string, holder: LeaseHolder, attempt: number): Promise<Taken>;
  /** Fails with what the supervisor answers, or SANDBOX_LOST where it does not answer. */
  call<O extends SandboxOperation>(lease: Lease, operation: O, input: SandboxInput<O>): Promise<SandboxOutput<O>>;
  /** Ends the lease and everything in it. What is gone, or another lease by now, is no error and stays as it is. */
  release(lease: Lease): Promise<void>;
  /** The holder needs none any more, whatever its attempt: it leaves the queue, and what it has or was about to be given goes. */
  abandon(tenant: string, holder: LeaseHolder): Promise<void>;
  /**
   * Ends what no living holder has: its place in the queue, its sandbox, sandboxes of nobody. Those that are kept ready are
   * made up to their number. It may run at any time, also twice at once.
   */
  sweep(lives: (tenant: string, holder: LeaseHolder) => Promise<boolean>): Promise<SandboxSweep>;
};
