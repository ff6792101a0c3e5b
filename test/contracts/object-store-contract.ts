import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../src/ports/object-store.ts';
import { freshTenant } from './stores/samples.ts';

/** What every object store does. The store may hold other objects; each test uses tenants of its own. */
export const describeObjectStoreContract = (
  name: string,
  makeSubject: () => ObjectStore | Promise<ObjectStore>,
): void => {
  describe(`${name} as an object store`, () => {
    let store: ObjectStore;
    beforeAll(async () => {
      store = await makeSubject();
    });

    const text = async (tenant: string, key: string): Promise<string | undefined> => {
      const body = await store.get(tenant, key);
      return body === undefined ? undefined : new TextDecoder().decode(body);
    };

    it('gives back text as UTF-8', async () => {
      const tenant = freshTenant();
      await store.put(tenant, 'reports/a.html', '<p>für 株式会社 👩‍👧</p>', 'text/html');
      expect(await text(tenant, 'reports/a.html')).toBe('<p>für 株式会社 👩‍👧</p>');
    });

    it('gives back bytes, several megabytes of them and none', async () => {
      const tenant = freshTenant();
      const large = randomBytes(6_000_000);
      await store.put(tenant, 'large.bin', large, 'application/octet-stream');
      await store.put(tenant, 'empty', new Uint8Array(), 'application/octet-stream');
      expect(large.equals((await store.get(tenant, 'large.bin')) ?? new Uint8Array())).toBe(true);
      expect((await store.get(tenant, 'empty'))?.byteLength).toBe(0);
    });

    it('puts under a key that is to be new once, of twenty at once too, and the first one stays', async () => {
      const tenant = freshTenant();
      const put = await Promise.all(
        Array.from({ length: 20 }, (_, index) => store.putNew(tenant, 'a/once', `${index}`, 'text/plain')),
      );
      expect(put.filter(Boolean)).toHaveLength(1);
      expect(await text(tenant, 'a/once')).toBe(String(put.indexOf(true)));
      expect(await store.putNew(tenant, 'a/once', 'late', 'text/plain')).toBe(false);
      expect(await store.putNew(freshTenant(), 'a/once', 'another tenant’s', 'text/plain')).toBe(true);
      expect(await text(tenant, 'a/once')).toBe(String(put.indexOf(true)));
    });

    it('knows no object that was not put', async () => {
      const tenant = freshTenant();
      await store.put(tenant, 'a/b', 'x', 'text/plain');
      expect(await store.get(tenant, 'a/c')).toBeUndefined();
      expect(await store.get(tenant, 'a')).toBeUndefined();
      expect(await store.get(tenant, 'a/b/c')).toBeUndefined();
      expect(await store.get(freshTenant(), 'a/b')).toBeUndefined();
    });

    it('overwrites an object, also a longer one by a shorter', async () => {
      const tenant = freshTenant();
      await store.put(tenant, 'k', 'x'.repeat(10_000), 'text/plain');
      await store.put(tenant, 'k', 'short', 'text/plain');
      expect(await text(tenant, 'k')).toBe('short');
    });

    it('is never seen half-written while it is overwritten', async () => {
      const tenant = freshTenant();
      const bodies = ['a', 'b'].map((letter) => letter.repeat(500_000));
      await store.put(tenant, 'k', bodies[0]!, 'text/plain');
      const writes = Promise.all(
        Array.from({ length: 10 }, (_, index) => store.put(tenant, 'k', bodies[index % 2]!, 'text/plain')),
      );
      const reads = await Promise.all(Array.from({ length: 20 }, () => text(tenant, 'k')));
      await writes;
      expect(reads.filter((read) => read === undefined || !bodies.includes(read))).toEqual([]);
    });

    it('takes keys of Unicode, spaces and dots', async () => {
      const tenant = freshTenant();
      const key = 'Größe/株式会社 2026/..hidden/a..b/%2e%2e/x?y=1&z#f.json';
      await store.put(tenant, key, 'here', 'application/json');
      expect(await text(tenant, key)).toBe('here');
      expect(await store.list(tenant, 'Größe/')).toEqual([key]);
    });

    describe('lists', () => {
      it('the keys that start with a prefix, in byte order', async () => {
        const tenant = freshTenant();
        const keys = ['p/a/1', 'p/a.b', 'p/a-b', 'p/a/0/z', 'p/B', 'p/aa', 'p/é', 'p/～', 'p/😀', 'q/1', 'p2'];
        for (const key of keys) await store.put(tenant, key, 'x', 'text/plain');
        const inBytes = ['p/B', 'p/a-b', 'p/a.b', 'p/a/0/z', 'p/a/1', 'p/aa', 'p/é', 'p/～', 'p/😀'];
        expect(await store.list(tenant, 'p/')).toEqual(inBytes);
        expect(await store.list(tenant, 'p/a')).toEqual(['p/a-b', 'p/a.b', 'p/a/0/z', 'p/a/1', 'p/aa']);
        expect(await store.list(tenant, 'p/a/')).toEqual(['p/a/0/z', 'p/a/1']);
        expect(await store.list(tenant, 'p/a/0/z')).toEqual(['p/a/0/z']);
        expect(await store.list(tenant, 'p')).toEqual([...inBytes, 'p2']);
        expect(await store.list(tenant, '')).toEqual([...inBytes, 'p2', 'q/1']);
        expect(await store.list(tenant, 'nothing/here/')).toEqual([]);
        expect(await store.list(tenant, 'p/B/')).toEqual([]);
      });

      it('at most 1,000 keys, the first ones', async () => {
        const tenant = freshTenant();
        const keys = Array.from({ length: 1_010 }, (_, index) => `f${index % 7}/${String(index).padStart(4, '0')}`);
        for (let start = 0; start < keys.length; start += 50)
          await Promise.all(keys.slice(start, start + 50).map((key) => store.put(tenant, key, '', 'text/plain')));
        expect(await store.list(tenant, '')).toEqual(keys.toSorted().slice(0, 1_000));
      });

      it('nothing for a tenant without objects', async () => {
        expect(await store.list(freshTenant(), '')).toEqual([]);
      });
    });

    const badKeys = [
      ['empty', ''],
      ['absolute', '/etc/passwd'],
      ['climbing', '../x'],
      ['climbing from within', 'a/../../x'],
      ['climbing at the end', 'a/..'],
      ['with a dot segment', 'a/./b'],
      ['with an empty segment', 'a//b'],
      ['with a slash at the end', 'a/'],
      ['with a line break', 'a\nb'],
      ['with a null', 'a\u0000b'],
      ['with a C1 control', 'a\u0085b'],
      ['with a backslash', '..\\x'],
      ['with half a character', 'a\ud800'],
      ['with a segment of 256 bytes', 'ü'.repeat(128)],
      ['longer than S3 takes', 'abcdefg/'.repeat(150) + 'x'],
    ] as const;
    it.each(badKeys)('refuses a key that is %s', async (_, key) => {
      const tenant = freshTenant();
      await expect(store.put(tenant, key, 'x', 'text/plain')).rejects.toMatchObject({ kind: 'INVALID_REQUEST' });
      await expect(store.get(tenant, key)).rejects.toMatchObject({ kind: 'INVALID_REQUEST' });
    });

    it.each(['../', '..', 'a/../', '/', 'a//', './'])('refuses to list by the prefix %j', async (prefix) => {
      await expect(store.list(freshTenant(), prefix)).rejects.toMatchObject({ kind: 'INVALID_REQUEST' });
    });

    describe('another tenant', () => {
      it('reads, lists and overwrites nothing of the first', async () => {
        const [mine, stranger] = [freshTenant(), freshTenant()];
        const key = `secret-${randomUUID()}`;
        await store.put(mine, key, 'mine', 'text/plain');
        expect(await store.get(stranger, key)).toBeUndefined();
        expect(await store.list(stranger, '')).toEqual([]);
        await store.put(stranger, key, 'theirs', 'text/plain');
        expect(await text(mine, key)).toBe('mine');
        expect(await store.list(mine, '')).toEqual([key]);
      });

      it('cannot climb into the first by a key, a prefix or its own name', async () => {
        const [mine, stranger] = [freshTenant(), freshTenant()];
        await store.put(mine, 'k', 'mine', 'text/plain');
        const refused = { kind: 'INVALID_REQUEST' };
        await expect(store.get(stranger, `../${mine}/k`)).rejects.toMatchObject(refused);
        await expect(store.put(stranger, `../${mine}/k`, 'x', 'text/plain')).rejects.toMatchObject(refused);
        await expect(store.list(stranger, `../${mine}/`)).rejects.toMatchObject(refused);
        for (const spelling of [
          '',
          '.',
          '..',
          `${stranger}/../${mine}`,
          `${mine}/`,
          '.unfinished',
          mine.toUpperCase(),
        ]) {
          await expect(store.get(spelling, 'k')).rejects.toMatchObject(refused);
          await expect(store.put(spelling, 'k', 'x', 'text/plain')).rejects.toMatchObject(refused);
          await expect(store.list(spelling, '')).rejects.toMatchObject(refused);
        }
        expect(await text(mine, 'k')).toBe('mine');
      });

      it('whose name begins with the first one’s sees nothing of it, nor it of them', async () => {
        const mine = freshTenant();
        const longer = `${mine}-2`;
        await store.put(mine, 'k', 'mine', 'text/plain');
        await store.put(longer, 'k', 'theirs', 'text/plain');
        expect([await store.list(mine, ''), await store.list(longer, '')]).toEqual([['k'], ['k']]);
        expect([await text(mine, 'k'), await text(longer, 'k')]).toEqual(['mine', 'theirs']);
      });
    });
  });
};
