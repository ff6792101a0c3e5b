import type { IdempotencyClaim } from '../contracts/idempotency.ts';

/** The idempotency keys that requests came with. */
export type IdempotencyKeyStore = {
  /** Keeps the claim if its key is free or has expired, else answers with the one that stands. */
  claim(claim: IdempotencyClaim, now: string): Promise<IdempotencyClaim>;
};
