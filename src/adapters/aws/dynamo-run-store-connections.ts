import { isDeepStrictEqual } from 'node:util';
import { Connection } from '../../contracts/connection.ts';
import { Failure } from '../../contracts/failure.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { listCursor, readListCursor } from '../../domain/list-cursor.ts';
import { storedDocument } from '../stored-document.ts';
import { documentAttributes, documentOf } from './dynamo-run-store-document.ts';
import type { Item, Items } from './dynamo-run-store-items.ts';
import { connectionKey, connectionsBeginning, tenantKey } from './dynamo-run-store-table.ts';

/** The part of the run store that keeps connections. */
export const dynamoConnections = (
  items: Items,
  where: string,
): Pick<
  RunStore,
  | 'createConnection'
  | 'getConnection'
  | 'listConnections'
  | 'setConnectionTest'
  | 'rotateConnection'
  | 'deleteConnection'
> => {
  const read = (item: Item): Connection => storedDocument(Connection, documentOf(item), where);
  const get = async (tenant: string, name: string): Promise<Connection | undefined> => {
    const item = await items.get(connectionKey(tenant, name));
    return item === undefined ? undefined : read(item);
  };

  return {
    async createConnection(connection) {
      const key = connectionKey(connection.tenant, connection.name);
      if (await items.putNew({ ...key, ...documentAttributes(key.sk, connection) })) return;
      // The client sends what was not answered again, and finds what it has put before.
      if (!isDeepStrictEqual(await get(connection.tenant, connection.name), connection))
        throw new Failure('CONFLICT', `There is a connection "${connection.name}" already.`, { where: 'name' });
    },

    getConnection: get,

    async listConnections(tenant, { limit, cursor }) {
      const found = await items.query({
        condition: 'pk = :pk and begins_with(sk, :connections)',
        values: { ':pk': tenantKey(tenant), ':connections': connectionsBeginning },
        after: cursor === undefined ? undefined : connectionKey(tenant, readListCursor('connections', tenant, cursor)),
        limit: limit + 1,
      });
      const page = found.slice(0, limit).map(read);
      const last = page.at(-1);
      return found.length > limit && last !== undefined
        ? { items: page, next_cursor: listCursor('connections', tenant, last.name) }
        : { items: page };
    },

    setConnectionTest: async (tenant, name, testRunId) =>
      items.update(connectionKey(tenant, name), {
        set: 'SET #document.test_run_id = :test_run_id',
        names: { '#document': 'document' },
        values: { ':test_run_id': testRunId },
      }),

    rotateConnection: async (tenant, name, before, { secret, label, rotated_at }) =>
      items.update(connectionKey(tenant, name), {
        set: 'SET #document.#secret = :secret, #document.#label = :label, #document.rotated_at = :rotated_at',
        condition: '#document.#secret = :before',
        names: { '#document': 'document', '#secret': 'secret', '#label': 'label' },
        values: { ':secret': secret, ':label': label, ':rotated_at': rotated_at, ':before': before },
      }),

    deleteConnection: async (tenant, name, secret) =>
      items.remove(connectionKey(tenant, name), {
        condition: '#document.#secret = :secret',
        names: { '#document': 'document', '#secret': 'secret' },
        values: { ':secret': secret },
      }),
  };
};
