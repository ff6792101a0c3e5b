import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Stores } from '../../../src/ports/stores.ts';
import { at, freshTenant, sha256, unicode } from './samples.ts';

/** What every store of API keys does: a part of the stores' contract. */
export const describeApiKeysContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('API keys', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    it('finds one by its hash alone, and only by the whole of it', async () => {
      const key = {
        hash: sha256(randomUUID()),
        tenant: freshTenant(),
        roles: ['reader'],
        rights: [],
        label: unicode,
      } as const;
      await stores.apiKeys.add({ ...key, created_at: at(0) });
      const replaced = {
        ...key,
        roles: ['operator', 'analyst'],
        rights: ['personal'],
        prefixes: ['reports/a', 'b'],
        created_at: at(1),
      } as const;
      await stores.apiKeys.add(replaced);
      expect(await stores.apiKeys.find(key.hash)).toEqual(replaced);
      expect(await stores.apiKeys.find(key.hash.slice(0, 63))).toBeUndefined();
      expect(await stores.apiKeys.find(sha256(randomUUID()))).toBeUndefined();
    });

    /** A key of its own. */
    const add = async (created_at = at(0)) => {
      const key = {
        hash: sha256(randomUUID()),
        tenant: freshTenant(),
        roles: ['reader'],
        rights: [],
        label: unicode,
        created_at,
      } as const;
      await stores.apiKeys.add(key);
      return key;
    };

    it('ends one for good, once, and still finds it', async () => {
      const [key, other] = [await add(), await add()];
      expect(await stores.apiKeys.revoke(key.hash, at(5))).toBe(true);
      expect(await stores.apiKeys.revoke(key.hash, at(9))).toBe(false);
      expect(await stores.apiKeys.revoke(sha256(randomUUID()), at(5))).toBe(false);
      expect(await stores.apiKeys.find(key.hash)).toEqual({ ...key, revoked_at: at(5) });
      expect(await stores.apiKeys.find(other.hash)).toEqual(other);
    });

    it('lists all in the order in which they were made, with the hour of their last use', async () => {
      const later = await add(at(20));
      const earlier = await add(at(10));
      const start = Date.parse(at(0));
      const minutes = (count: number): string => new Date(start + count * 60_000).toISOString();
      await stores.apiKeys.noteUse(earlier.hash, minutes(0));
      await stores.apiKeys.noteUse(earlier.hash, minutes(59));
      await stores.apiKeys.revoke(later.hash, at(30));
      const listed = async () =>
        (await stores.apiKeys.list()).filter(({ hash }) => [later.hash, earlier.hash].includes(hash));
      expect(await listed()).toEqual([
        { ...earlier, last_used_at: minutes(0) },
        { ...later, revoked_at: at(30) },
      ]);
      await stores.apiKeys.noteUse(earlier.hash, minutes(61));
      expect(await listed()).toMatchObject([{ last_used_at: minutes(61) }, {}]);
    });
  });
};
