import { Connection } from '../../../contracts/connection.ts';
import { Failure } from '../../../contracts/failure.ts';
import type { ConnectionStore } from '../../../ports/connection-store.ts';
import { documentAttributes, plain } from './dynamo-document.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { dynamoNamedList } from './dynamo-named-list.ts';
import { connectionKey } from './dynamo-table.ts';

/** Connections in a DynamoDB table. */
export const dynamoConnectionStore = (table: DocumentTable): ConnectionStore => {
  const { items } = table;
  return {
    async create(connection) {
      const key = connectionKey(connection.tenant, connection.name);
      if (!(await items.putNew({ ...key, ...documentAttributes(key.sk, Connection, connection) })))
        throw new Failure('CONFLICT', `There is a connection "${connection.name}" already.`, {
          where: 'name',
          advice: { kind: 'replace_connection', connection: connection.name },
        });
    },

    get: async (tenant, name) => table.get(Connection, connectionKey(tenant, name)),

    list: async (tenant, page) =>
      dynamoNamedList(table, Connection, { list: 'connections', keyOf: connectionKey }, tenant, page),

    setTest: async (tenant, name, testRunId) =>
      items.update(connectionKey(tenant, name), {
        kind: 'tested',
        set: ['#document.test_run_id = :test_run_id'],
        names: { '#document': 'document' },
        values: { ':test_run_id': plain(table.where, Connection.shape.test_run_id, testRunId) },
      }),

    rotate: async (tenant, name, before, { secret, label, rotated_at, rotated_by }) =>
      items.update(connectionKey(tenant, name), {
        kind: 'rotated',
        set: [
          '#document.#secret = :secret',
          '#document.#label = :label',
          '#document.rotated_at = :rotated_at',
          '#document.rotated_by = :rotated_by',
        ],
        condition: '#document.#secret = :before',
        names: { '#document': 'document', '#secret': 'secret', '#label': 'label' },
        values: {
          ':secret': plain(table.where, Connection.shape.secret, secret),
          ':label': plain(table.where, Connection.shape.label, label),
          ':rotated_at': plain(table.where, Connection.shape.rotated_at, rotated_at),
          ':rotated_by': plain(table.where, Connection.shape.rotated_by, rotated_by),
          ':before': before,
        },
      }),

    delete: async (tenant, name, secret) =>
      items.remove(connectionKey(tenant, name), {
        condition: '#document.#secret = :secret',
        names: { '#document': 'document', '#secret': 'secret' },
        values: { ':secret': secret },
      }),
  };
};
