import { Failure } from '../../../contracts/failure.ts';
import { IdempotencyClaim } from '../../../contracts/idempotency.ts';
import type { IdempotencyKeyStore } from '../../../ports/idempotency-key-store.ts';
import { documentAttributes } from './dynamo-document.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { claimKey, expiryOf } from './dynamo-table.ts';

/**
 * Idempotency keys in a DynamoDB table. It deletes what has expired within days, not at once, so a claim's own time decides
 * whether it stands.
 */
export const dynamoIdempotencyKeyStore = (table: DocumentTable): IdempotencyKeyStore => ({
  async claim(claim, now) {
    const { items, where } = table;
    const key = claimKey(claim.tenant, claim.key);
    const item = { ...key, ...expiryOf(claim.expires_at), ...documentAttributes(key.sk, IdempotencyClaim, claim) };
    const expired = {
      condition: '#document.expires_at <= :now',
      names: { '#document': 'document' },
      values: { ':now': now },
    };
    // The claim that stood in the way can pass away before it is read: then the key is free again.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (await items.putNew(item, expired)) return claim;
      const standing = await table.get(IdempotencyClaim, key);
      if (standing !== undefined) return standing;
    }
    throw new Failure('STORAGE_FAILED', `An idempotency key in ${where} is neither free nor taken. Try again.`, {
      where,
    });
  },
});
