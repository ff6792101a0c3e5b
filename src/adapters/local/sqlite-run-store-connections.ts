import { Connection } from '../../contracts/connection.ts';
import { Failure } from '../../contracts/failure.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { listCursor, readListCursor } from '../../domain/list-cursor.ts';
import { storedDocument, storedJson } from '../stored-document.ts';
import type { SqliteFile, SqliteRow } from './sqlite-file.ts';

/** The part of the run store that keeps connections. */
export const sqliteConnections = (
  file: SqliteFile,
  path: string,
): Pick<
  RunStore,
  | 'createConnection'
  | 'getConnection'
  | 'listConnections'
  | 'setConnectionTest'
  | 'rotateConnection'
  | 'deleteConnection'
> => {
  const read = (row: SqliteRow): Connection => storedDocument(Connection, storedJson(row['document']), path);

  return {
    async createConnection(connection) {
      const created = file.run(
        'insert into connections (tenant, name, document) values (?, ?, ?) on conflict do nothing',
        connection.tenant,
        connection.name,
        JSON.stringify(connection),
      );
      if (created === 0)
        throw new Failure('CONFLICT', `There is a connection "${connection.name}" already.`, { where: 'name' });
    },

    async getConnection(tenant, name) {
      const row = file.get('select document from connections where tenant = ? and name = ?', tenant, name);
      return row === undefined ? undefined : read(row);
    },

    async listConnections(tenant, { limit, cursor }) {
      const after = cursor === undefined ? '' : readListCursor('connections', tenant, cursor);
      const found = file
        .all(
          'select document from connections where tenant = ? and name > ? order by name limit ?',
          tenant,
          after,
          limit + 1,
        )
        .map(read);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return found.length > limit && last !== undefined
        ? { items, next_cursor: listCursor('connections', tenant, last.name) }
        : { items };
    },

    async setConnectionTest(tenant, name, testRunId) {
      const updated = file.run(
        'update connections set document = json_patch(document, ?) where tenant = ? and name = ?',
        JSON.stringify({ test_run_id: testRunId }),
        tenant,
        name,
      );
      return updated === 1;
    },

    async rotateConnection(tenant, name, before, rotation) {
      const updated = file.run(
        `update connections set document = json_patch(document, ?)
         where tenant = ? and name = ? and document ->> 'secret' = ?`,
        JSON.stringify(rotation),
        tenant,
        name,
        before,
      );
      return updated === 1;
    },

    async deleteConnection(tenant, name, secret) {
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
