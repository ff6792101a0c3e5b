import type { Lease, LeaseHolder } from '../contracts/sandbox.ts';

/** The sandboxes that runs and conversations hold, one each. */
export type LeaseStore = {
  /** Replaces the lease of the same attempt or an earlier one; says whether there was none of a later one. */
  put(lease: Lease): Promise<boolean>;
  get(tenant: string, holder: LeaseHolder): Promise<Lease | undefined>;
  /** Deletes the lease of the attempt or an earlier one. That there is none, or one of a later, is no error. */
  delete(tenant: string, holder: LeaseHolder, attempt: number): Promise<void>;
};
