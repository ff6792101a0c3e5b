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
      await stores.apiKeys.put({ ...key, created_at: at(0) });
      const replaced = {
        ...key,
        roles: ['operator', 'analyst'],
        rights: ['personal'],
        prefixes: ['reports/a', 'b'],
        created_at: at(1),
      } as const;
      await stores.apiKeys.put(replaced);
      expect(await stores.apiKeys.find(key.hash)).toEqual(replaced);
      expect(await stores.apiKeys.find(key.hash.slice(0, 63))).toBeUndefined();
      expect(await stores.apiKeys.find(sha256(randomUUID()))).toBeUndefined();
    });
  });
};
