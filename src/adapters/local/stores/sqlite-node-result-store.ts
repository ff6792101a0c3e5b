import { NodeResult } from '../../../contracts/node-result.ts';
import type { NodeResultStore } from '../../../ports/node-result-store.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** The results of nodes in a SQLite file. */
export const sqliteNodeResultStore = ({ file, get, text }: SqliteDocuments): NodeResultStore => ({
  async put(result) {
    const put = file.run(
      `insert into node_results (tenant, run_id, node, document) values (?, ?, ?, ?)
       on conflict do update set document = excluded.document
       where coalesce(node_results.document ->> 'attempt', 1) <= excluded.document ->> 'attempt'`,
      result.tenant,
      result.run_id,
      result.node,
      text(NodeResult, result),
    );
    return put === 1;
  },

  async get(tenant, runId, node) {
    const sql = 'select document from node_results where tenant = ? and run_id = ? and node = ?';
    return get(NodeResult, sql, tenant, runId, node);
  },
});
