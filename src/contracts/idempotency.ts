import * as z from 'zod';
import { RunId, Sha256, Tenant, Timestamp } from './common.ts';

/** What a caller may send as `Idempotency-Key`. */
export const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/, '1 to 255 visible ASCII characters');
export type IdempotencyKey = z.infer<typeof IdempotencyKey>;

/** A key that was used: the request it came with, and the run that it stands for whether or not that exists already. */
export const IdempotencyClaim = z.strictObject({
  tenant: Tenant,
  key: IdempotencyKey,
  request_hash: Sha256,
  run_id: RunId,
  expires_at: Timestamp,
});
export type IdempotencyClaim = z.infer<typeof IdempotencyClaim>;
