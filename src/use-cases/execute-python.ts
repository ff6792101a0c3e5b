import type { AgentSession } from '../contracts/agent.ts';
import type { ToolInput } from '../contracts/tool.ts';
import { cellToText } from '../domain/agent/cell-text.ts';
import type { ToolOutcome } from '../domain/agent/conversation.ts';
import type { Using } from '../ports/port-access.ts';
import { putSession, requireLease } from './agent-documents.ts';
import { requireSeconds } from './require-seconds.ts';

/** How long a code cell may take. */
const cellSeconds = 120;

/**
 * One code cell of an agent. Statements that it sends count against the agent’s budget. Fails with BUDGET_EXCEEDED where its seconds are
 * used up, and as the sandbox does.
 */
export const executePython = async (
  ports: Using<{ sessions: 'write'; leases: 'read'; sandbox: 'call' }, 'clock'>,
  session: AgentSession,
  { code }: ToolInput<'execute_python'>,
): Promise<ToolOutcome> => {
  const { tenant, run_id, agent, budget } = session;
  const seconds = Math.min(cellSeconds, requireSeconds(session, ports.clock.now()));
  // Those of SQL count together with those that Python sends.
  const statement_limit = Math.max(0, budget.statements - session.statements);
  const { cell, evidence_id, ...sent } = await ports.sandbox.call(
    await requireLease(ports, tenant, run_id),
    'execute_python',
    { agent, code, seconds, statement_limit },
  );
  await putSession(ports, { ...session, statements: session.statements + sent.statements });
  return { content: cellToText(cell, evidence_id, sent), is_error: cell.error !== undefined };
};
