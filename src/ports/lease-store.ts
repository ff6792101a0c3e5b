import type { Lease } from '../contracts/sandbox.ts';

/** The sandboxes that runs hold, one a run. */
export type LeaseStore = {
  put(lease: Lease): Promise<void>;
  get(tenant: string, runId: string): Promise<Lease | undefined>;
  delete(tenant: string, runId: string): Promise<void>;
};
