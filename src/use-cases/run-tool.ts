import type { AgentSession } from '../contracts/agent.ts';
import { reportOf } from '../contracts/failure-report.ts';
import { Failure, type FailureKind, toFailure } from '../contracts/failure.ts';
import type { ToolUseBlock } from '../contracts/message.ts';
import type { Run } from '../contracts/run.ts';
import type { TaskInput, TaskOutput } from '../contracts/task.ts';
import { cellToText } from '../domain/agent/cell-text.ts';
import { Conversation, ToolOutcome, TurnReply, conversationKeys } from '../domain/agent/conversation.ts';
import { modelText } from '../domain/agent/model-advice.ts';
import { callsOf } from '../domain/agent/read-reply.ts';
import { resultToText } from '../domain/agent/result-text.ts';
import { type ToolCall, readToolCall } from '../domain/agent/read-tool-call.ts';
import { secondsLeft } from '../domain/budget/limits.ts';
import { sanitizeBody } from '../domain/report/sanitize-body.ts';
import type { Ports } from '../ports/ports.ts';
import {
  noteFailure,
  readDocument,
  requireDocument,
  requireLease,
  requireSession,
  writeDocument,
} from './agent-documents.ts';
import { collectEvidence } from './collect-evidence.ts';
import { findRun } from './find-run.ts';
import { publishReport } from './publish-report.ts';

type ToolPorts = Pick<
  Ports,
  'runs' | 'sessions' | 'evidence' | 'leases' | 'objects' | 'sandbox' | 'model' | 'clock' | 'log'
>;

/** What one statement of an agent may bring back, and how long statements and cells may take, in seconds. */
const limits = { rows: 1_000, bytes: 4 * 1024 * 1024, statement: 60, cell: 120 } as const;

/** Failures that the model reads as the result of its call and can do something about. All others fail the state. */
const readable: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'INVALID_REQUEST',
  'TABLE_NOT_FOUND',
  'STATEMENT_REFUSED',
  'STATEMENT_FAILED',
  'RUNNER_TIMEOUT',
  'RUNNER_MEMORY',
  'PYTHON_FAILED',
  'BUDGET_EXCEEDED',
]);

/** One tool call. Its result is recorded under the call, so a state that is tried again repeats nothing that is done. */
export const runTool = async (ports: ToolPorts, input: TaskInput<'run-tool'>): Promise<TaskOutput<'run-tool'>> => {
  const { tenant, run_id, agent, turn, call } = input;
  const keys = conversationKeys(run_id, agent);
  const recorded = await readDocument(ports, tenant, keys.outcome(turn, call.id), ToolOutcome);
  if (recorded !== undefined) return { id: call.id, ok: !recorded.is_error };

  const session = await requireSession(ports, input);
  const { prompt } = await requireDocument(ports, tenant, keys.closed(turn - 1), Conversation);
  const reply = await requireDocument(ports, tenant, keys.reply(turn), TurnReply);
  const block = callsOf(reply).find(({ id }) => id === call.id);
  if (block === undefined) throw new Failure('INTERNAL', `Turn ${turn} of ${agent} has no tool call ${call.id}.`);

  const outcome = await perform(ports, session, prompt, block);
  await writeDocument(ports, tenant, keys.outcome(turn, call.id), outcome);
  ports.log.info('tool called', {
    agent,
    turn,
    tool: call.name,
    ok: !outcome.is_error,
    characters: outcome.content.length,
  });
  return { id: call.id, ok: !outcome.is_error };
};

const perform = async (
  ports: ToolPorts,
  session: AgentSession,
  prompt: Conversation['prompt'],
  block: ToolUseBlock,
): Promise<ToolOutcome> => {
  try {
    const call = readToolCall(block, prompt.tools);
    return await performCall(ports, session, prompt, call);
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (!readable.has(failure.kind))
      throw await noteFailure(
        ports,
        (await ports.sessions.get(session.tenant, session.run_id, session.agent)) ?? session,
        failure,
      );
    return { content: `${failure.kind}: ${modelText(reportOf(failure))}`, is_error: true };
  }
};

const performCall = async (
  ports: ToolPorts,
  session: AgentSession,
  prompt: Conversation['prompt'],
  call: ToolCall,
): Promise<ToolOutcome> => {
  switch (call.tool) {
    case 'execute_sql':
      return executeSql(ports, session, call);
    case 'execute_python':
      return executePython(ports, session, call.code);
    case 'submit_html':
      return submitHtml(ports, session, prompt, call.content);
  }
};

const executeSql = async (
  ports: ToolPorts,
  session: AgentSession,
  { sql, source: wanted }: Extract<ToolCall, { readonly tool: 'execute_sql' }>,
): Promise<ToolOutcome> => {
  const { tenant, run_id, agent, budget } = session;
  const source = chooseSource(await findRun(ports, tenant, run_id), wanted);
  // Counted before it is sent: one that is sent twice is work done twice. One past the limit is counted too, and not sent.
  await ports.sessions.put({ ...session, statements: session.statements + 1 });
  if (session.statements >= budget.statements) throw statementsUsedUp(session);
  const lease = await requireLease(ports, tenant, run_id);
  const seconds = Math.max(1, Math.min(limits.statement, secondsLeft(session, ports.clock.now())));
  try {
    const { table, evidence_id } = await ports.sandbox.call(lease, 'execute_sql', {
      source,
      sql,
      limits: { rows: limits.rows, bytes: limits.bytes, seconds },
      origin: 'tool',
      agent,
    });
    return { content: resultToText(table, evidence_id), is_error: false };
  } finally {
    await keepEvidence(ports, session);
  }
};

/** The database a statement is for. Fails with INVALID_REQUEST, in words that the model can act on. */
const chooseSource = ({ sources }: Run, wanted: string | undefined): string => {
  const names = sources.map(({ name }) => name);
  const [only] = names;
  if (wanted === undefined && names.length === 1 && only !== undefined) return only;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  const said =
    wanted === undefined ? 'No source was named' : `There is no source ${JSON.stringify(wanted.slice(0, 80))}`;
  throw new Failure('INVALID_REQUEST', `${said}. Say in "source" which database is meant: ${names.join(', ')}.`);
};

const executePython = async (ports: ToolPorts, session: AgentSession, code: string): Promise<ToolOutcome> => {
  const { tenant, run_id, agent } = session;
  const lease = await requireLease(ports, tenant, run_id);
  const seconds = Math.max(1, Math.min(limits.cell, secondsLeft(session, ports.clock.now())));
  try {
    const { cell, evidence_id, statements } = await ports.sandbox.call(lease, 'execute_python', {
      agent,
      code,
      seconds,
    });
    await ports.sessions.put({ ...session, statements: session.statements + statements });
    return { content: cellToText(cell, evidence_id), is_error: cell.error !== undefined };
  } finally {
    await keepEvidence(ports, session);
  }
};

const submitHtml = async (
  ports: ToolPorts,
  session: AgentSession,
  prompt: Conversation['prompt'],
  content: string,
): Promise<ToolOutcome> => {
  const { html, removed } = sanitizeBody(content);
  if (html.replace(/<[^>]*>/g, '').trim() === '') {
    throw new Failure(
      'INVALID_REQUEST',
      `Nothing is left of the report to show${removed.length === 0 ? '' : ` once this is removed: ${removed.join(', ')}`}. Submit the text of the report as HTML.`,
    );
  }
  const keys = await publishReport(ports, session, prompt, html);
  await ports.sessions.put({ ...session, report_submitted: true });
  const note =
    removed.length === 0
      ? 'Nothing had to be removed.'
      : `Removed, because a report may not contain it: ${removed.join(', ')}.`;
  return { content: `The report is published at ${keys.html}. ${note}`, is_error: false };
};

/** Evidence is safe only outside the sandbox. Where it cannot be had now, the next call or the run’s end fetches it. */
const keepEvidence = async (ports: ToolPorts, session: AgentSession): Promise<void> => {
  try {
    await collectEvidence(ports, await requireLease(ports, session.tenant, session.run_id), session.run_id);
  } catch (thrown) {
    ports.log.warn('evidence not collected', { agent: session.agent, failure: toFailure(thrown).kind });
  }
};

const statementsUsedUp = (session: AgentSession): Failure =>
  new Failure(
    'BUDGET_EXCEEDED',
    `The ${session.budget.statements} statements of your budget are used up; this one was not run.`,
    { advice: { kind: 'submit_report' } },
  );
