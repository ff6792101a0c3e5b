import { ulid } from 'ulid';
import { beforeAll, describe, expect, it } from 'vitest';
import { Connection } from '../../../src/contracts/connection.ts';
import { asNewerVersion } from '../../support/as-newer-version.ts';
import type { Stores } from '../../../src/ports/stores.ts';
import { at, freshTenant, sampleActor, sampleConnection, sampleRun, unicode } from './samples.ts';

/** What every store of connections does: a part of the stores' contract. */
export const describeConnectionsContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('connections', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    it('gives back a connection as it was created', async () => {
      const connection = sampleConnection(freshTenant(), { label: unicode });
      await stores.connections.create(connection);
      expect(await stores.connections.get(connection.tenant, 'shop')).toEqual(connection);
      expect(await stores.connections.get(connection.tenant, 'sho')).toBeUndefined();
    });

    it('refuses a second one of the same name and keeps the first', async () => {
      const connection = sampleConnection(freshTenant());
      await stores.connections.create(connection);
      await expect(stores.connections.create({ ...connection, label: 'other' })).rejects.toMatchObject({
        kind: 'CONFLICT',
      });
      expect(await stores.connections.get(connection.tenant, 'shop')).toEqual(connection);
    });

    it('creates exactly one of twenty that ask for a name at once', async () => {
      const tenant = freshTenant();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) =>
          stores.connections.create(sampleConnection(tenant, { label: `${index}` })),
        ),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
      expect((await stores.connections.get(tenant, 'shop'))?.label).toBe(`${winner}`);
    });

    it('notes the last test, and changes nothing else', async () => {
      const connection = sampleConnection(freshTenant());
      await stores.connections.create(connection);
      const tests = [ulid(), ulid()];
      for (const id of tests) expect(await stores.connections.setTest(connection.tenant, 'shop', id)).toBe(true);
      expect(await stores.connections.get(connection.tenant, 'shop')).toEqual({ ...connection, test_run_id: tests[1] });
    });

    it('rotates one that still has the secret that it is to replace, and no other', async () => {
      const connection = sampleConnection(freshTenant());
      const { tenant, secret } = connection;
      await stores.connections.create(connection);
      const rotation = { secret: 'second', label: unicode, rotated_at: at(5), rotated_by: sampleActor };
      expect(await stores.connections.rotate(tenant, 'shop', 'another', rotation)).toBe(false);
      expect(await stores.connections.get(tenant, 'shop')).toEqual(connection);
      expect(await stores.connections.rotate(tenant, 'shop', secret, rotation)).toBe(true);
      expect(await stores.connections.rotate(tenant, 'shop', secret, { ...rotation, secret: 'third' })).toBe(false);
      expect(await stores.connections.get(tenant, 'shop')).toEqual({ ...connection, ...rotation });
    });

    it('lets exactly one of twenty who rotate at once, and keeps what belongs to that one together', async () => {
      const connection = sampleConnection(freshTenant());
      const { tenant, secret } = connection;
      await stores.connections.create(connection);
      const rotations = Array.from({ length: 20 }, (_, index) => ({
        secret: `secret ${index}`,
        label: `label ${index}`,
        rotated_at: at(index),
        rotated_by: sampleActor,
      }));
      const rotated = await Promise.all(
        rotations.map((rotation) => stores.connections.rotate(tenant, 'shop', secret, rotation)),
      );
      const winners = rotations.filter((_, index) => rotated[index]);
      expect(winners).toHaveLength(1);
      expect(await stores.connections.get(tenant, 'shop')).toEqual({ ...connection, ...winners[0] });
    });

    it('loses neither of two changes that are made at once', async () => {
      const connection = sampleConnection(freshTenant());
      const { tenant, secret } = connection;
      await stores.connections.create(connection);
      const test_run_id = ulid();
      const rotation = { secret: 'second', label: 'l', rotated_at: at(5), rotated_by: sampleActor };
      await Promise.all([
        stores.connections.setTest(tenant, 'shop', test_run_id),
        stores.connections.rotate(tenant, 'shop', secret, rotation),
      ]);
      expect(await stores.connections.get(tenant, 'shop')).toEqual({ ...connection, test_run_id, ...rotation });
    });

    it('changes none that is not there, and does not make one', async () => {
      const tenant = freshTenant();
      expect(await stores.connections.setTest(tenant, 'shop', ulid())).toBe(false);
      expect(
        await stores.connections.rotate(tenant, 'shop', 's', {
          secret: 't',
          label: 'x',
          rotated_at: at(1),
          rotated_by: sampleActor,
        }),
      ).toBe(false);
      expect(await stores.connections.get(tenant, 'shop')).toBeUndefined();
    });

    it('does not delete one whose secret is another by now', async () => {
      const connection = sampleConnection(freshTenant());
      await stores.connections.create(connection);
      expect(await stores.connections.delete(connection.tenant, 'shop', 'another')).toBe(false);
      expect(await stores.connections.get(connection.tenant, 'shop')).toEqual(connection);
    });

    it('deletes one once, and its name is free again', async () => {
      const connection = sampleConnection(freshTenant());
      const { tenant, secret } = connection;
      await stores.connections.create(connection);
      expect(await stores.connections.delete(tenant, 'shop', secret)).toBe(true);
      expect(await stores.connections.delete(tenant, 'shop', secret)).toBe(false);
      expect(await stores.connections.get(tenant, 'shop')).toBeUndefined();
      await stores.connections.create({ ...connection, label: 'again' });
      expect((await stores.connections.get(tenant, 'shop'))?.label).toBe('again');
    });

    it('leaves one that cannot be read out of its list, names it, and goes on behind it', async () => {
      const tenant = freshTenant();
      for (const name of ['a', 'c']) await stores.connections.create(sampleConnection(tenant, { name }));
      const newer = { ...sampleConnection(tenant, { name: 'b' }), of_a_newer_version: true };
      await asNewerVersion(Connection, () => stores.connections.create(newer));
      const first = await stores.connections.list(tenant, { limit: 2 });
      expect(first).toMatchObject({ items: [{ name: 'a' }], unreadable: ['b'] });
      const second = await stores.connections.list(tenant, { limit: 2, cursor: first.next_cursor });
      expect(second).toEqual({ items: [expect.objectContaining({ name: 'c' })] });
    });

    it('pages through all of a tenant by name, each once, and through nothing else', async () => {
      const tenant = freshTenant();
      await stores.runs.create(sampleRun(tenant));
      const names = ['zoo', 'a', 'a-b', 'a1', 'shop', 'shop-2', 'x'];
      for (const name of names) await stores.connections.create(sampleConnection(tenant, { name }));
      const seen: string[][] = [];
      let cursor: string | undefined;
      for (let page = 0; page < 10; page += 1) {
        const { items, next_cursor } = await stores.connections.list(tenant, { limit: 3, cursor });
        seen.push(items.map(({ name }) => name));
        cursor = next_cursor;
        if (cursor === undefined) break;
      }
      expect(seen).toEqual([['a', 'a-b', 'a1'], ['shop', 'shop-2', 'x'], ['zoo']]);
      expect((await stores.runs.list(tenant, { limit: 100 })).items).toHaveLength(1);
      expect(await stores.connections.list(freshTenant(), { limit: 3 })).toEqual({ items: [] });
    });

    it('refuses a cursor that was made up, or given to another tenant or for another list', async () => {
      const [mine, theirs] = [freshTenant(), freshTenant()];
      for (const tenant of [mine, theirs])
        for (const name of ['a', 'b']) await stores.connections.create(sampleConnection(tenant, { name }));
      for (const _ of ['a', 'b']) await stores.runs.create(sampleRun(mine));
      const { next_cursor: foreign } = await stores.connections.list(theirs, { limit: 1 });
      const { next_cursor: ofRuns } = await stores.runs.list(mine, { limit: 1 });
      for (const cursor of ['', 'a', 'a.000000000000', foreign, ofRuns])
        await expect(stores.connections.list(mine, { limit: 1, cursor: cursor ?? 'x' })).rejects.toMatchObject({
          kind: 'INVALID_REQUEST',
        });
    });

    it('shows and changes nothing for another tenant', async () => {
      const connection = sampleConnection(freshTenant());
      const stranger = freshTenant();
      await stores.connections.create(connection);
      expect(await stores.connections.get(stranger, 'shop')).toBeUndefined();
      expect(await stores.connections.list(stranger, { limit: 10 })).toEqual({ items: [] });
      expect(await stores.connections.setTest(stranger, 'shop', ulid())).toBe(false);
      const theirs = { secret: 'theirs', label: 'theirs', rotated_at: at(1), rotated_by: sampleActor };
      expect(await stores.connections.rotate(stranger, 'shop', connection.secret, theirs)).toBe(false);
      expect(await stores.connections.delete(stranger, 'shop', connection.secret)).toBe(false);
      await stores.connections.create({ ...connection, tenant: stranger, label: 'theirs' });
      expect(await stores.connections.get(connection.tenant, 'shop')).toEqual(connection);
    });
  });
};
