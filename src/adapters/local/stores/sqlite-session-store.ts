import { isDeepStrictEqual } from 'node:util';
import { AgentSession } from '../../../contracts/agent.ts';
import { Run } from '../../../contracts/run.ts';
import type { SessionStore } from '../../../ports/session-store.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

const selectOne = 'select document from sessions where tenant = ? and run_id = ? and agent = ?';
const selectRun = 'select document from runs where tenant = ? and run_id = ?';

/** Sessions in a SQLite file. */
export const sqliteSessionStore = ({ file, get, all, text }: SqliteDocuments): SessionStore => {
  /** Writes a session where what is there allows it, at one moment. */
  const putWhere = (
    session: AgentSession,
    isAllowed: (before: AgentSession | undefined, run: () => Run | undefined) => boolean,
  ): boolean =>
    file.transaction(() => {
      const { tenant, run_id, agent } = session;
      const before = get(AgentSession, selectOne, tenant, run_id, agent);
      if (!isAllowed(before, () => get(Run, selectRun, tenant, run_id))) return false;
      file.run(
        `insert into sessions (tenant, run_id, agent, document) values (?, ?, ?, ?)
         on conflict do update set document = excluded.document`,
        tenant,
        run_id,
        agent,
        text(AgentSession, session),
      );
      return true;
    });
  const isRunningIn = (one: Pick<Run | AgentSession, 'attempt' | 'status'> | undefined, attempt: number): boolean =>
    one?.status === 'running' && one.attempt === attempt;

  return {
    begin: async (session) =>
      putWhere(
        session,
        (before, run) =>
          (before === undefined || isRunningIn(before, session.attempt)) && isRunningIn(run(), session.attempt),
      ),
    put: async (session, seen) =>
      putWhere(
        session,
        (before) =>
          isRunningIn(before, session.attempt) &&
          (seen === undefined || isDeepStrictEqual(before?.held_calls, seen.held_calls)),
      ),
    reopen: async (session) => putWhere(session, (before) => before !== undefined && before.attempt < session.attempt),

    async get(tenant, runId, agent) {
      return get(AgentSession, selectOne, tenant, runId, agent);
    },

    async list(tenant, runId) {
      const sql = `select document from sessions where tenant = ? and run_id = ? order by document ->> 'started_at', agent`;
      return all(AgentSession, sql, tenant, runId);
    },
  };
};
