import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Stores } from '../../../src/ports/stores.ts';
import { sha256 } from './samples.ts';

/** What every store of request counts does: a part of the stores' contract. */
export const describeRequestCountsContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('counted requests', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    const minute = (index: number) => ({
      start: new Date(Date.UTC(2026, 0, 31, 12, index)).toISOString(),
      seconds: 60,
    });

    it('are counted from 1 on, each window and each key for itself', async () => {
      const [one, other] = [sha256(randomUUID()), sha256(randomUUID())];
      const counts = [];
      for (let count = 0; count < 3; count += 1) counts.push(await stores.requestCounts.count(one, minute(0)));
      expect(counts).toEqual([1, 2, 3]);
      expect(await stores.requestCounts.count(one, { ...minute(0), seconds: 1 })).toBe(1);
      expect(await stores.requestCounts.count(other, minute(0))).toBe(1);
      expect(await stores.requestCounts.count(one, minute(1))).toBe(1);
      expect(await stores.requestCounts.count(one, minute(1))).toBe(2);
    });

    it('are all counted when they come at once', async () => {
      const key = sha256(randomUUID());
      const counts = await Promise.all(Array.from({ length: 50 }, () => stores.requestCounts.count(key, minute(5))));
      expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    });
  });
};
