import type { Lease, LeaseHolder } from '../contracts/sandbox.ts';

/** The sandboxes that runs and conversations hold, one each. */
export type LeaseStore = {
  put(lease: Lease): Promise<void>;
  get(tenant: string, holder: LeaseHolder): Promise<Lease | undefined>;
  delete(tenant: string, holder: LeaseHolder): Promise<void>;
};
