import type { AgentSession } from '../contracts/agent.ts';
import type { ToolInput } from '../contracts/tool.ts';
import { cellToText } from '../domain/agent/cell-text.ts';
import type { ToolOutcome } from '../domain/agent/conversation.ts';
import { secondsLeft } from '../domain/budget/limits.ts';
import type { Using } from '../ports/port-access.ts';
import { putSession, requireLease } from './agent-documents.ts';

/** How long a code cell may take. */
const cellSeconds = 120;

/** One code cell of an agent. Statements that it sends count against the agent’s budget. Fails as the sandbox does. */
export const executePython = async (
  ports: Using<{ sessions: 'write'; leases: 'read'; sandbox: 'call' }, 'clock'>,
  session: AgentSession,
  { code }: ToolInput<'execute_python'>,
): Promise<ToolOutcome> => {
  const { tenant, run_id, agent } = session;
  const seconds = Math.max(1, Math.min(cellSeconds, secondsLeft(session, ports.clock.now())));
  const { cell, evidence_id, statements } = await ports.sandbox.call(
    await requireLease(ports, tenant, run_id),
    'execute_python',
    { agent, code, seconds },
  );
  await putSession(ports, { ...session, statements: session.statements + statements });
  return { content: cellToText(cell, evidence_id), is_error: cell.error !== undefined };
};
