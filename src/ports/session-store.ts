import type { AgentSession } from '../contracts/agent.ts';

/**
 * The sessions of agents, one an agent and run. Every write is of an attempt of the run, and is refused, with false, where
 * it comes too late: a function whose state was stopped works on, and must not undo what came after it.
 */
export type SessionStore = {
  /** Begins a session, or begins it anew, while its run is running in its attempt and the session has not ended. */
  begin(session: AgentSession): Promise<boolean>;
  /** Replaces a session that is running in the same attempt and, where `seen` is given, whose held calls are those that were seen. */
  put(session: AgentSession, seen?: Pick<AgentSession, 'held_calls'>): Promise<boolean>;
  /** Sets a session of an earlier attempt running in this one. */
  reopen(session: AgentSession): Promise<boolean>;
  get(tenant: string, runId: string, agent: string): Promise<AgentSession | undefined>;
  /** In the order of their start. */
  list(tenant: string, runId: string): Promise<readonly AgentSession[]>;
};
