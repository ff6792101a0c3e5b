import { AgentSession } from '../../../contracts/agent.ts';
import type { SessionStore } from '../../../ports/session-store.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** Sessions in a SQLite file. */
export const sqliteSessionStore = ({ file, get, all }: SqliteDocuments): SessionStore => ({
  async put(session) {
    file.run(
      `insert into sessions (tenant, run_id, agent, document) values (?, ?, ?, ?)
       on conflict do update set document = excluded.document`,
      session.tenant,
      session.run_id,
      session.agent,
      JSON.stringify(session),
    );
  },

  async get(tenant, runId, agent) {
    const sql = 'select document from sessions where tenant = ? and run_id = ? and agent = ?';
    return get(AgentSession, sql, tenant, runId, agent);
  },

  async list(tenant, runId) {
    const sql = `select document from sessions where tenant = ? and run_id = ? order by document ->> 'started_at', agent`;
    return all(AgentSession, sql, tenant, runId);
  },
});
