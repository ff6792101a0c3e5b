import { AgentSession } from '../../../contracts/agent.ts';
import type { SessionStore } from '../../../ports/session-store.ts';
import { documentAttributes } from './dynamo-document.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import type { Item, ItemCondition } from './dynamo-items.ts';
import { type ItemKey, runItemKey, runKey, sortKeys } from './dynamo-table.ts';

/** Sessions in a DynamoDB table. */
export const dynamoSessionStore = (table: DocumentTable): SessionStore => ({
  begin: async (session) =>
    table.items.putNewBeside(
      itemOf(session),
      runningIn(session.attempt),
      runKey(session.tenant, session.run_id),
      runningIn(session.attempt),
    ),

  put: async (session, seen) =>
    table.items.replace(
      itemOf(session),
      seen === undefined ? runningIn(session.attempt) : holding(runningIn(session.attempt), seen),
    ),

  reopen: async (session) =>
    table.items.replace(itemOf(session), {
      // Sessions from before carry no attempt: they are of the first.
      condition: 'attribute_exists(pk) and (attribute_not_exists(#document.attempt) or #document.attempt < :attempt)',
      names: { '#document': 'document' },
      values: { ':attempt': session.attempt },
    }),

  get: async (tenant, runId, agent) => table.get(AgentSession, runItemKey(tenant, runId, sortKeys.session(agent))),

  async list(tenant, runId) {
    const found = await table.listOfRun(tenant, runId, sortKeys.session(''));
    // They come in the order of the agents' names, which sorting keeps among equal times.
    return found
      .map((item) => table.read(AgentSession, item))
      .toSorted((a, b) => (a.started_at === b.started_at ? 0 : a.started_at < b.started_at ? -1 : 1));
  },
});

const itemOf = (session: AgentSession): ItemKey & Item => {
  const key = runItemKey(session.tenant, session.run_id, sortKeys.session(session.agent));
  return { ...key, ...documentAttributes(key.sk, AgentSession, session) };
};

/** The condition, and that the session holds the calls that were seen. */
const holding = ({ condition, names, values }: ItemCondition, { held_calls }: Pick<AgentSession, 'held_calls'>) => ({
  condition: `${condition} and ${held_calls === undefined ? 'attribute_not_exists(#document.held_calls)' : '#document.held_calls = :held_calls'}`,
  names,
  values: { ...values, ...(held_calls === undefined ? {} : { ':held_calls': held_calls }) },
});

/** That a run, or a session, is running in an attempt. */
const runningIn = (attempt: number): ItemCondition => ({
  condition: `(#document.#status = :running and ${attempt === 1 ? '(attribute_not_exists(#document.attempt) or #document.attempt = :attempt)' : '#document.attempt = :attempt'})`,
  names: { '#document': 'document', '#status': 'status' },
  values: { ':running': 'running', ':attempt': attempt },
});
