import type { AgentSession } from '../contracts/agent.ts';
import { Failure } from '../contracts/failure.ts';
import type { ToolInput } from '../contracts/tool.ts';
import { chooseSource } from '../domain/agent/choose-source.ts';
import type { ToolOutcome } from '../domain/agent/conversation.ts';
import { resultToText } from '../domain/agent/result-text.ts';
import type { Using } from '../ports/port-access.ts';
import { putSession, requireLease } from './agent-documents.ts';
import { findRun } from './find-run.ts';
import { requireSeconds } from './require-seconds.ts';

/** What one statement of an agent may bring back, and how many seconds it may take. */
const limits = { rows: 1_000, bytes: 4 * 1024 * 1024, seconds: 60 } as const;

/** One statement of an agent. Fails with BUDGET_EXCEEDED where its statements or seconds are used up, and as the database does. */
export const executeSql = async (
  ports: Using<{ runs: 'read'; sessions: 'write'; leases: 'read'; sandbox: 'call' }, 'clock'>,
  session: AgentSession,
  { sql, source: wanted }: ToolInput<'execute_sql'>,
): Promise<ToolOutcome> => {
  const { tenant, run_id, agent, budget } = session;
  const source = chooseSource(await findRun(ports, tenant, run_id), wanted);
  const seconds = Math.min(limits.seconds, requireSeconds(session, ports.clock.now()));
  // Counted before it is sent: one that is sent twice is work done twice. One past the limit is counted too, and not sent.
  await putSession(ports, { ...session, statements: session.statements + 1 });
  if (session.statements >= budget.statements) {
    throw new Failure(
      'BUDGET_EXCEEDED',
      `The ${budget.statements} statements of your budget are used up; this one was not run.`,
      { advice: { kind: 'submit_report' } },
    );
  }
  const { table, evidence_id } = await ports.sandbox.call(await requireLease(ports, tenant, run_id), 'execute_sql', {
    source,
    sql,
    limits: { ...limits, seconds },
    origin: 'tool',
    agent,
  });
  return { content: resultToText(table, evidence_id), is_error: false };
};
