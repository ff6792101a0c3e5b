import type { AgentSession } from '../../contracts/agent.ts';
import type { BudgetOverride } from '../../contracts/budget.ts';
import type { FailureKind } from '../../contracts/failure.ts';

/**
 * An agent that goes on in a new attempt of its run: what it failed of is forgotten, what it has used is not, and the time in
 * between does not count. An answer that was a refusal is asked for again, so its turn is taken back.
 */
export const reopenSession = (
  session: AgentSession,
  attempt: number,
  budget: BudgetOverride,
  now: Date,
): AgentSession => {
  if (session.status === 'succeeded') return session;
  const { failure, ended_at, paused_seconds = 0, ...rest } = session;
  const paused = ended_at === undefined ? 0 : Math.max(0, (now.getTime() - Date.parse(ended_at)) / 1_000);
  // A wait for the model is counted as a whole when it begins; what the end cut off of it was not waited.
  const cut = Math.max(0, Date.parse(rest.model_wait?.until ?? '') - Date.parse(ended_at ?? '')) / 1_000 || 0;
  const isRefused = failure?.kind === ('MODEL_REFUSED' satisfies FailureKind);
  return {
    ...rest,
    status: 'running',
    attempt,
    budget: { ...rest.budget, ...definedOnly(budget) },
    turns: isRefused ? Math.max(0, rest.turns - 1) : rest.turns,
    reserved_dollars: 0,
    paused_seconds: Math.max(0, paused_seconds + paused - cut),
  };
};

const definedOnly = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
