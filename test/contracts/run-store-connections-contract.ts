import { ulid } from 'ulid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunStore } from '../../src/ports/run-store.ts';
import { at, freshTenant, sampleConnection, sampleRun, unicode } from './run-store-samples.ts';

/** What every run store does with connections: a part of the run store's contract. */
export const describeConnectionsContract = (makeSubject: () => RunStore | Promise<RunStore>): void => {
  describe('with connections', () => {
    let store: RunStore;
    beforeAll(async () => {
      store = await makeSubject();
    });

    it('gives back a connection as it was created', async () => {
      const connection = sampleConnection(freshTenant(), { label: unicode });
      await store.createConnection(connection);
      expect(await store.getConnection(connection.tenant, 'shop')).toEqual(connection);
      expect(await store.getConnection(connection.tenant, 'sho')).toBeUndefined();
    });

    it('refuses a second one of the same name and keeps the first', async () => {
      const connection = sampleConnection(freshTenant());
      await store.createConnection(connection);
      await expect(store.createConnection({ ...connection, label: 'other' })).rejects.toMatchObject({
        kind: 'CONFLICT',
      });
      expect(await store.getConnection(connection.tenant, 'shop')).toEqual(connection);
    });

    it('creates exactly one of twenty that ask for a name at once', async () => {
      const tenant = freshTenant();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) =>
          store.createConnection(sampleConnection(tenant, { label: `${index}` })),
        ),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
      expect((await store.getConnection(tenant, 'shop'))?.label).toBe(`${winner}`);
    });

    it('notes the last test, and changes nothing else', async () => {
      const connection = sampleConnection(freshTenant());
      await store.createConnection(connection);
      const tests = [ulid(), ulid()];
      for (const id of tests) expect(await store.setConnectionTest(connection.tenant, 'shop', id)).toBe(true);
      expect(await store.getConnection(connection.tenant, 'shop')).toEqual({ ...connection, test_run_id: tests[1] });
    });

    it('rotates one that still has the secret that it is to replace, and no other', async () => {
      const connection = sampleConnection(freshTenant());
      const { tenant, secret } = connection;
      await store.createConnection(connection);
      const rotation = { secret: 'second', label: unicode, rotated_at: at(5) };
      expect(await store.rotateConnection(tenant, 'shop', 'another', rotation)).toBe(false);
      expect(await store.getConnection(tenant, 'shop')).toEqual(connection);
      expect(await store.rotateConnection(tenant, 'shop', secret, rotation)).toBe(true);
      expect(await store.rotateConnection(tenant, 'shop', secret, { ...rotation, secret: 'third' })).toBe(false);
      expect(await store.getConnection(tenant, 'shop')).toEqual({ ...connection, ...rotation });
    });

    it('lets exactly one of twenty who rotate at once, and keeps what belongs to that one together', async () => {
      const connection = sampleConnection(freshTenant());
      const { tenant, secret } = connection;
      await store.createConnection(connection);
      const rotations = Array.from({ length: 20 }, (_, index) => ({
        secret: `secret ${index}`,
        label: `label ${index}`,
        rotated_at: at(index),
      }));
      const rotated = await Promise.all(
        rotations.map((rotation) => store.rotateConnection(tenant, 'shop', secret, rotation)),
      );
      const winners = rotations.filter((_, index) => rotated[index]);
      expect(winners).toHaveLength(1);
      expect(await store.getConnection(tenant, 'shop')).toEqual({ ...connection, ...winners[0] });
    });

    it('loses neither of two changes that are made at once', async () => {
      const connection = sampleConnection(freshTenant());
      const { tenant, secret } = connection;
      await store.createConnection(connection);
      const test_run_id = ulid();
      const rotation = { secret: 'second', label: 'l', rotated_at: at(5) };
      await Promise.all([
        store.setConnectionTest(tenant, 'shop', test_run_id),
        store.rotateConnection(tenant, 'shop', secret, rotation),
      ]);
      expect(await store.getConnection(tenant, 'shop')).toEqual({ ...connection, test_run_id, ...rotation });
    });

    it('changes none that is not there, and does not make one', async () => {
      const tenant = freshTenant();
      expect(await store.setConnectionTest(tenant, 'shop', ulid())).toBe(false);
      expect(await store.rotateConnection(tenant, 'shop', 's', { secret: 't', label: 'x', rotated_at: at(1) })).toBe(
        false,
      );
      expect(await store.getConnection(tenant, 'shop')).toBeUndefined();
    });

    it('does not delete one whose secret is another by now', async () => {
      const connection = sampleConnection(freshTenant());
      await store.createConnection(connection);
      expect(await store.deleteConnection(connection.tenant, 'shop', 'another')).toBe(false);
      expect(await store.getConnection(connection.tenant, 'shop')).toEqual(connection);
    });

    it('deletes one once, and its name is free again', async () => {
      const connection = sampleConnection(freshTenant());
      const { tenant, secret } = connection;
      await store.createConnection(connection);
      expect(await store.deleteConnection(tenant, 'shop', secret)).toBe(true);
      expect(await store.deleteConnection(tenant, 'shop', secret)).toBe(false);
      expect(await store.getConnection(tenant, 'shop')).toBeUndefined();
      await store.createConnection({ ...connection, label: 'again' });
      expect((await store.getConnection(tenant, 'shop'))?.label).toBe('again');
    });

    it('pages through all of a tenant by name, each once, and through nothing else', async () => {
      const tenant = freshTenant();
      await store.createRun(sampleRun(tenant));
      const names = ['zoo', 'a', 'a-b', 'a1', 'shop', 'shop-2', 'x'];
      for (const name of names) await store.createConnection(sampleConnection(tenant, { name }));
      const seen: string[][] = [];
      let cursor: string | undefined;
      for (let page = 0; page < 10; page += 1) {
        const { items, next_cursor } = await store.listConnections(tenant, { limit: 3, cursor });
        seen.push(items.map(({ name }) => name));
        cursor = next_cursor;
        if (cursor === undefined) break;
      }
      expect(seen).toEqual([['a', 'a-b', 'a1'], ['shop', 'shop-2', 'x'], ['zoo']]);
      expect((await store.listRuns(tenant, { limit: 100 })).items).toHaveLength(1);
      expect(await store.listConnections(freshTenant(), { limit: 3 })).toEqual({ items: [] });
    });

    it('refuses a cursor that was made up, or given to another tenant or for another list', async () => {
      const [mine, theirs] = [freshTenant(), freshTenant()];
      for (const tenant of [mine, theirs])
        for (const name of ['a', 'b']) await store.createConnection(sampleConnection(tenant, { name }));
      for (const _ of ['a', 'b']) await store.createRun(sampleRun(mine));
      const { next_cursor: foreign } = await store.listConnections(theirs, { limit: 1 });
      const { next_cursor: ofRuns } = await store.listRuns(mine, { limit: 1 });
      for (const cursor of ['', 'a', 'a.000000000000', foreign, ofRuns])
        await expect(store.listConnections(mine, { limit: 1, cursor: cursor ?? 'x' })).rejects.toMatchObject({
          kind: 'INVALID_REQUEST',
        });
    });

    it('shows and changes nothing for another tenant', async () => {
      const connection = sampleConnection(freshTenant());
      const stranger = freshTenant();
      await store.createConnection(connection);
      expect(await store.getConnection(stranger, 'shop')).toBeUndefined();
      expect(await store.listConnections(stranger, { limit: 10 })).toEqual({ items: [] });
      expect(await store.setConnectionTest(stranger, 'shop', ulid())).toBe(false);
      const theirs = { secret: 'theirs', label: 'theirs', rotated_at: at(1) };
      expect(await store.rotateConnection(stranger, 'shop', connection.secret, theirs)).toBe(false);
      expect(await store.deleteConnection(stranger, 'shop', connection.secret)).toBe(false);
      await store.createConnection({ ...connection, tenant: stranger, label: 'theirs' });
      expect(await store.getConnection(connection.tenant, 'shop')).toEqual(connection);
    });
  });
};
