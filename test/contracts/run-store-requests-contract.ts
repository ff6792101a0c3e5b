import { randomUUID } from 'node:crypto';
import { ulid } from 'ulid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { IdempotencyClaim } from '../../src/contracts/idempotency.ts';
import type { RunStore } from '../../src/ports/run-store.ts';
import { at, freshTenant, sha256 } from './run-store-samples.ts';

const sampleClaim = (tenant: string, changes: Partial<IdempotencyClaim> = {}): IdempotencyClaim => ({
  tenant,
  key: 'once',
  request_hash: sha256('request'),
  run_id: ulid(),
  expires_at: at(50),
  ...changes,
});

/** What every run store does to know requests again and to count them: a part of the run store's contract. */
export const describeRequestsContract = (makeSubject: () => RunStore | Promise<RunStore>): void => {
  describe('with requests', () => {
    let store: RunStore;
    beforeAll(async () => {
      store = await makeSubject();
    });

    describe('idempotency keys', () => {
      it('are kept by the first claim, which everyone after it is answered with', async () => {
        const tenant = freshTenant();
        const first = sampleClaim(tenant);
        const second = sampleClaim(tenant, { request_hash: sha256('another') });
        expect(await store.claimIdempotencyKey(first, at(0))).toEqual(first);
        expect(await store.claimIdempotencyKey(second, at(1))).toEqual(first);
        expect(await store.claimIdempotencyKey(first, at(2))).toEqual(first);
      });

      it('are free again when the claim has expired, and not before', async () => {
        const tenant = freshTenant();
        const [first, second, third] = [50, 59, 59].map((second) => sampleClaim(tenant, { expires_at: at(second) }));
        await store.claimIdempotencyKey(first!, at(0));
        expect(await store.claimIdempotencyKey(second!, at(49))).toEqual(first);
        expect(await store.claimIdempotencyKey(second!, at(50))).toEqual(second);
        expect(await store.claimIdempotencyKey(third!, at(51))).toEqual(second);
      });

      it('are taken by exactly one of twenty who claim at once', async () => {
        const tenant = freshTenant();
        const claims = Array.from({ length: 20 }, () => sampleClaim(tenant));
        const answers = await Promise.all(claims.map((claim) => store.claimIdempotencyKey(claim, at(0))));
        expect(new Set(answers.map(({ run_id }) => run_id)).size).toBe(1);
        expect(claims).toContainEqual(answers[0]);
      });

      it('are taken by exactly one of twenty who find an expired claim', async () => {
        const tenant = freshTenant();
        const old = sampleClaim(tenant, { expires_at: at(1) });
        await store.claimIdempotencyKey(old, at(0));
        const claims = Array.from({ length: 20 }, () => sampleClaim(tenant));
        const answers = await Promise.all(claims.map((claim) => store.claimIdempotencyKey(claim, at(2))));
        expect(new Set(answers.map(({ run_id }) => run_id)).size).toBe(1);
        expect(claims).toContainEqual(answers[0]);
      });

      it('belong to their tenant, whatever is in them', async () => {
        const [mine, theirs] = [freshTenant(), freshTenant()];
        const keys = ['k', '#', '%', "'or'1'='1--", `${mine}#IDEMPOTENCY#k`, '~'.repeat(255)];
        for (const key of keys) {
          const [one, other] = [sampleClaim(mine, { key }), sampleClaim(theirs, { key })];
          expect(await store.claimIdempotencyKey(one, at(0))).toEqual(one);
          expect(await store.claimIdempotencyKey(other, at(0))).toEqual(other);
        }
      });
    });

    describe('counted requests', () => {
      const minute = (index: number) => ({
        start: new Date(Date.UTC(2026, 0, 31, 12, index)).toISOString(),
        seconds: 60,
      });

      it('are counted from 1 on, each window and each key for itself', async () => {
        const [one, other] = [sha256(randomUUID()), sha256(randomUUID())];
        const counts = [];
        for (let count = 0; count < 3; count += 1) counts.push(await store.countRequest(one, minute(0)));
        expect(counts).toEqual([1, 2, 3]);
        expect(await store.countRequest(one, { ...minute(0), seconds: 1 })).toBe(1);
        expect(await store.countRequest(other, minute(0))).toBe(1);
        expect(await store.countRequest(one, minute(1))).toBe(1);
        expect(await store.countRequest(one, minute(1))).toBe(2);
      });

      it('are all counted when they come at once', async () => {
        const key = sha256(randomUUID());
        const counts = await Promise.all(Array.from({ length: 50 }, () => store.countRequest(key, minute(5))));
        expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
      });
    });
  });
};
