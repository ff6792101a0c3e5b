import type { AgentSession } from '../contracts/agent.ts';

/** The sessions of agents, one an agent and run. */
export type SessionStore = {
  put(session: AgentSession): Promise<void>;
  get(tenant: string, runId: string, agent: string): Promise<AgentSession | undefined>;
  /** In the order of their start. */
  list(tenant: string, runId: string): Promise<readonly AgentSession[]>;
};
