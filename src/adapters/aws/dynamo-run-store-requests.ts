import { Failure } from '../../contracts/failure.ts';
import { IdempotencyClaim } from '../../contracts/idempotency.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { storedDocument } from '../stored-document.ts';
import { windowEnd } from '../window-end.ts';
import { documentAttributes, documentOf } from './dynamo-run-store-document.ts';
import type { Items } from './dynamo-run-store-items.ts';
import { claimKey, expiryOf, windowKey } from './dynamo-run-store-table.ts';

/**
 * The part of the run store that remembers requests: which were sent before, and how many there were. DynamoDB deletes what
 * has expired within days, not at once, so a claim's own time decides whether it stands.
 */
export const dynamoRequests = (
  items: Items,
  where: string,
): Pick<RunStore, 'claimIdempotencyKey' | 'countRequest'> => ({
  async claimIdempotencyKey(claim, now) {
    const key = claimKey(claim.tenant, claim.key);
    const item = { ...key, ...expiryOf(claim.expires_at), ...documentAttributes(key.sk, claim) };
    const expired = {
      condition: '#document.expires_at <= :now',
      names: { '#document': 'document' },
      values: { ':now': now },
    };
    // The claim that stood in the way can pass away before it is read: then the key is free again.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (await items.putNew(item, expired)) return claim;
      const standing = await items.get(key);
      if (standing !== undefined) return storedDocument(IdempotencyClaim, documentOf(standing), where);
    }
    throw new Failure('STORAGE_FAILED', `An idempotency key in ${where} is neither free nor taken. Try again.`, {
      where,
    });
  },

  countRequest: async (keyHash, window) =>
    items.count(windowKey(keyHash, window), 'count', expiryOf(windowEnd(window))),
});
