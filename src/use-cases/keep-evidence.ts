import type { AgentSession } from '../contracts/agent.ts';
import { toFailure } from '../contracts/failure.ts';
import type { Using } from '../ports/port-access.ts';
import { requireLease } from './agent-documents.ts';
import { collectEvidence } from './collect-evidence.ts';

/** Evidence is safe only outside the sandbox. Where it cannot be had now, the next call or the run’s end fetches it. */
export const keepEvidence = async (
  ports: Using<{ leases: 'read'; evidence: 'write'; evidenceObjects: 'write'; sandbox: 'call' }, 'log'>,
  session: AgentSession,
): Promise<void> => {
  try {
    await collectEvidence(ports, await requireLease(ports, session.tenant, session.run_id), session.run_id);
  } catch (thrown) {
    ports.log.warn('evidence not collected', { agent: session.agent, failure: toFailure(thrown).kind });
  }
};
