import type { Delivery, DeliveryRef } from '../contracts/delivery.ts';
import type { Page, PageRequest } from './page.ts';

/** What a try has changed in a delivery. */
export type DeliveryChange = Pick<Delivery, 'status' | 'tries' | 'tried' | 'next_at'>;

/** Now, and until when a claim of now lasts. Whatever is claimed for longer was claimed under a clock that ran ahead: it has lapsed. */
export type ClaimTime = { readonly now: string; readonly until: string };

/**
 * Deliveries: a row for each message and consumer. A month after it was made a row passes away. Whoever tries one claims it
 * first, for a while; of several who ask at once, one gets it.
 */
export type DeliveryStore = {
  /** Adds one, unless it is there: then it stays as it is. Says whether it was added. */
  add(delivery: Delivery): Promise<boolean>;
  get(ref: DeliveryRef): Promise<Delivery | undefined>;
  /** Those of one consumer that can be read, with the ids of the others, by their messages' ids, newest run first. Fails with INVALID_REQUEST on a cursor it did not give. */
  list(tenant: string, consumer: string, page: PageRequest): Promise<Page<Delivery>>;
  /** Pending ones whose time has come, of all tenants, longest due first. One that was added this instant may be missing. */
  listDue(now: string, limit: number): Promise<readonly DeliveryRef[]>;
  /**
   * Takes a pending one whose time has come, until the claim lapses. Undefined where it is not due, or somebody was first. One that
   * cannot be read is put off by an hour, so that it is not the first for ever, and fails with STORAGE_FAILED.
   */
  claim(ref: DeliveryRef, claim: ClaimTime & { readonly by: string }): Promise<Delivery | undefined>;
  /** Says what came of the try, and ends the claim. False where the claim had lapsed and somebody else has taken it since. */
  record(ref: DeliveryRef, claimedBy: string, change: DeliveryChange): Promise<boolean>;
  /** Makes it due at once, with all its tries before it, unless a try is under way. */
  retry(ref: DeliveryRef, time: ClaimTime): Promise<'due' | 'trying' | 'missing'>;
};
