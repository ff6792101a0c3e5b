import { ulid } from 'ulid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { IdempotencyClaim } from '../../../src/contracts/idempotency.ts';
import type { Stores } from '../../../src/ports/stores.ts';
import { at, freshTenant, sha256 } from './samples.ts';

const sampleClaim = (tenant: string, changes: Partial<IdempotencyClaim> = {}): IdempotencyClaim => ({
  tenant,
  key: 'once',
  request_hash: sha256('request'),
  run_id: ulid(),
  expires_at: at(50),
  ...changes,
});

/** What every store of idempotency keys does: a part of the stores' contract. */
export const describeIdempotencyKeysContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('idempotency keys', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    it('are kept by the first claim, which everyone after it is answered with', async () => {
      const tenant = freshTenant();
      const first = sampleClaim(tenant);
      const second = sampleClaim(tenant, { request_hash: sha256('another') });
      expect(await stores.idempotencyKeys.claim(first, at(0))).toEqual(first);
      expect(await stores.idempotencyKeys.claim(second, at(1))).toEqual(first);
      expect(await stores.idempotencyKeys.claim(first, at(2))).toEqual(first);
    });

    it('are free again when the claim has expired, and not before', async () => {
      const tenant = freshTenant();
      const [first, second, third] = [50, 59, 59].map((second) => sampleClaim(tenant, { expires_at: at(second) }));
      await stores.idempotencyKeys.claim(first!, at(0));
      expect(await stores.idempotencyKeys.claim(second!, at(49))).toEqual(first);
      expect(await stores.idempotencyKeys.claim(second!, at(50))).toEqual(second);
      expect(await stores.idempotencyKeys.claim(third!, at(51))).toEqual(second);
    });

    it('are taken by exactly one of twenty who claim at once', async () => {
      const tenant = freshTenant();
      const claims = Array.from({ length: 20 }, () => sampleClaim(tenant));
      const answers = await Promise.all(claims.map((claim) => stores.idempotencyKeys.claim(claim, at(0))));
      expect(new Set(answers.map(({ run_id }) => run_id)).size).toBe(1);
      expect(claims).toContainEqual(answers[0]);
    });

    it('are taken by exactly one of twenty who find an expired claim', async () => {
      const tenant = freshTenant();
      const old = sampleClaim(tenant, { expires_at: at(1) });
      await stores.idempotencyKeys.claim(old, at(0));
      const claims = Array.from({ length: 20 }, () => sampleClaim(tenant));
      const answers = await Promise.all(claims.map((claim) => stores.idempotencyKeys.claim(claim, at(2))));
      expect(new Set(answers.map(({ run_id }) => run_id)).size).toBe(1);
      expect(claims).toContainEqual(answers[0]);
    });

    it('belong to their tenant, whatever is in them', async () => {
      const [mine, theirs] = [freshTenant(), freshTenant()];
      const keys = ['k', '#', '%', "'or'1'='1--", `${mine}#IDEMPOTENCY#k`, '~'.repeat(255)];
      for (const key of keys) {
        const [one, other] = [sampleClaim(mine, { key }), sampleClaim(theirs, { key })];
        expect(await stores.idempotencyKeys.claim(one, at(0))).toEqual(one);
        expect(await stores.idempotencyKeys.claim(other, at(0))).toEqual(other);
      }
    });
  });
};
