import { Connection } from '../../../contracts/connection.ts';
import { Failure } from '../../../contracts/failure.ts';
import type { ConnectionStore } from '../../../ports/connection-store.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';
import { sqliteNamedList } from './sqlite-named-list.ts';

/** Connections in a SQLite file. */
export const sqliteConnectionStore = (documents: SqliteDocuments): ConnectionStore => {
  const { file, get, text, change } = documents;
  return {
    async create(connection) {
      const created = file.run(
        'insert into connections (tenant, name, document) values (?, ?, ?) on conflict do nothing',
        connection.tenant,
        connection.name,
        text(Connection, connection),
      );
      if (created === 0)
        throw new Failure('CONFLICT', `There is a connection "${connection.name}" already.`, {
          where: 'name',
          advice: { kind: 'replace_connection', connection: connection.name },
        });
    },

    async get(tenant, name) {
      return get(Connection, 'select document from connections where tenant = ? and name = ?', tenant, name);
    },

    list: async (tenant, page) => sqliteNamedList(documents, Connection, 'connections', tenant, page),

    async setTest(tenant, name, testRunId) {
      const patch = { table: 'connections', set: 'json_patch(document, ?)', where: 'tenant = ? and name = ?' };
      return change(Connection, patch, JSON.stringify({ test_run_id: testRunId }), tenant, name);
    },

    async rotate(tenant, name, before, rotation) {
      const patch = {
        table: 'connections',
        set: 'json_patch(document, ?)',
        where: `tenant = ? and name = ? and document ->> 'secret' = ?`,
      };
      return change(Connection, patch, JSON.stringify(rotation), tenant, name, before);
    },

    async delete(tenant, name, secret) {
      const deleted = file.run(
        `delete from connections where tenant = ? and name = ? and document ->> 'secret' = ?`,
        tenant,
        name,
        secret,
      );
      return deleted === 1;
    },
  };
};
