import { beforeAll, describe, expect, it } from 'vitest';
import type { SecretStore } from '../../src/ports/secret-store.ts';
import { freshTenant } from './stores/samples.ts';

/** What every secret store does. The store may hold other secrets; each test uses tenants of its own. */
export const describeSecretStoreContract = (
  name: string,
  makeSubject: () => SecretStore | Promise<SecretStore>,
): void => {
  describe(`${name} as a secret store`, () => {
    let store: SecretStore;
    beforeAll(async () => {
      store = await makeSubject();
    });

    it('gives back what was put, whatever is in it', async () => {
      const tenant = freshTenant();
      const value = 'postgres://ü:p%40"\'\\\n👩‍👧@host/db?sslmode=require';
      await store.put(tenant, 'connections/shop', value);
      expect(await store.get(tenant, 'connections/shop')).toBe(value);
    });

    it('takes a secret of 65,536 bytes and refuses a larger and an empty one without showing it', async () => {
      const tenant = freshTenant();
      const largest = 's'.repeat(65_536);
      await store.put(tenant, 'large', largest);
      expect(await store.get(tenant, 'large')).toBe(largest);
      const larger = store.put(tenant, 'larger', `hunter2${largest}`);
      await expect(larger).rejects.toMatchObject({ kind: 'INVALID_REQUEST' });
      await expect(larger).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') });
      await expect(store.put(tenant, 'empty', '')).rejects.toMatchObject({ kind: 'INVALID_REQUEST' });
      expect(await store.get(tenant, 'larger')).toBeUndefined();
    });

    it('lists what it keeps by tenant, name and time, and never a value', async () => {
      const tenant = freshTenant();
      const names = ['runs/x/main', 'connections/shop/1', 'a'];
      for (const name of names) await store.put(tenant, name, 'hunter2');
      await store.put(freshTenant(), 'a', 'x');
      await store.delete(tenant, 'a');
      const all = await store.list();
      const own = all.filter((place) => place.tenant === tenant);
      expect(own.map(({ name }) => name).toSorted()).toEqual(['connections/shop/1', 'runs/x/main']);
      for (const { put_at } of own) expect(Math.abs(Date.now() - Date.parse(put_at))).toBeLessThan(300_000);
      expect(JSON.stringify(all)).not.toContain('hunter2');
    });

    it('replaces a secret', async () => {
      const tenant = freshTenant();
      await store.put(tenant, 'k', 'one');
      await store.put(tenant, 'k', 'two');
      expect(await store.get(tenant, 'k')).toBe('two');
    });

    it('knows no secret that was not put', async () => {
      expect(await store.get(freshTenant(), 'k')).toBeUndefined();
    });

    it('deletes a secret at once, and one that is not there without complaint', async () => {
      const tenant = freshTenant();
      await store.put(tenant, 'k', 'v');
      await store.put(tenant, 'kept', 'w');
      await store.delete(tenant, 'k');
      expect(await store.get(tenant, 'k')).toBeUndefined();
      await store.delete(tenant, 'k');
      await store.delete(freshTenant(), 'never');
      expect(await store.get(tenant, 'kept')).toBe('w');
    });

    it('keeps one of twenty values that are put at once, and every one of twenty names', async () => {
      const tenant = freshTenant();
      const values = Array.from({ length: 20 }, (_, index) => `value ${index}`);
      await Promise.all(values.map((value) => store.put(tenant, 'same', value)));
      expect(values).toContain(await store.get(tenant, 'same'));
      await Promise.all(values.map((value, index) => store.put(tenant, `name-${index}`, value)));
      expect(await Promise.all(values.map((_, index) => store.get(tenant, `name-${index}`)))).toEqual(values);
    });

    it.each(['', ' ', 'a b', 'ü', 'a\nb', 'a:b', 'x'.repeat(257)])('refuses the name %j', async (badName) => {
      const refused = { kind: 'INVALID_REQUEST' };
      await expect(store.put(freshTenant(), badName, 'v')).rejects.toMatchObject(refused);
      await expect(store.get(freshTenant(), badName)).rejects.toMatchObject(refused);
      await expect(store.delete(freshTenant(), badName)).rejects.toMatchObject(refused);
    });

    describe('another tenant', () => {
      it('reads, replaces and deletes nothing of the first', async () => {
        const [mine, stranger] = [freshTenant(), freshTenant()];
        await store.put(mine, 'k', 'mine');
        expect(await store.get(stranger, 'k')).toBeUndefined();
        await store.put(stranger, 'k', 'theirs');
        expect(await store.get(mine, 'k')).toBe('mine');
        await store.delete(stranger, 'k');
        expect(await store.get(mine, 'k')).toBe('mine');
      });

      it('cannot spell its way to it', async () => {
        const [mine, stranger] = [freshTenant(), freshTenant()];
        await store.put(mine, 'k', 'mine');
        await store.put(mine, 'a/k', 'mine too');
        expect(await store.get(stranger, `../${mine}/k`)).toBeUndefined();
        expect(await store.get(stranger, `${mine}/k`)).toBeUndefined();
        for (const spelling of ['', `${stranger}/../${mine}`, `${mine}/a`, mine.toUpperCase()]) {
          await expect(store.get(spelling, 'k')).rejects.toMatchObject({ kind: 'INVALID_REQUEST' });
          await expect(store.delete(spelling, 'k')).rejects.toMatchObject({ kind: 'INVALID_REQUEST' });
        }
        expect(await store.get(mine, 'a/k')).toBe('mine too');
      });
    });
  });
};
