import { AgentSession } from '../../../contracts/agent.ts';
import type { SessionStore } from '../../../ports/session-store.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { runItemKey, sortKeys } from './dynamo-table.ts';

/** Sessions in a DynamoDB table. */
export const dynamoSessionStore = (table: DocumentTable): SessionStore => ({
  put: async (session) =>
    table.put(runItemKey(session.tenant, session.run_id, sortKeys.session(session.agent)), session),

  get: async (tenant, runId, agent) => table.get(AgentSession, runItemKey(tenant, runId, sortKeys.session(agent))),

  async list(tenant, runId) {
    const found = await table.listOfRun(tenant, runId, sortKeys.session(''));
    // They come in the order of the agents' names, which sorting keeps among equal times.
    return found
      .map((item) => table.read(AgentSession, item))
      .toSorted((a, b) => (a.started_at === b.started_at ? 0 : a.started_at < b.started_at ? -1 : 1));
  },
});
