import type { AgentSession } from '../contracts/agent.ts';
import { reportOf } from '../contracts/failure-report.ts';
import { Failure, type FailureKind, toFailure } from '../contracts/failure.ts';
import type { ToolUseBlock } from '../contracts/model-message.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { tools } from '../contracts/tool.ts';
import { Conversation, ToolOutcome, TurnReply, conversationKeys } from '../domain/agent/conversation.ts';
import { modelText } from '../domain/agent/model-advice.ts';
import { callsOf } from '../domain/agent/read-reply.ts';
import { type ToolCall, readToolCall } from '../domain/agent/read-tool-call.ts';
import { toolsFor } from '../domain/agent/tools.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { noteFailure, readDocument, requireDocument, requireSession, writeOnce } from './agent-documents.ts';
import { describeTable } from './describe-table.ts';
import { executePython } from './execute-python.ts';
import { executeSql } from './execute-sql.ts';
import { keepEvidence } from './keep-evidence.ts';
import { submitReport } from './submit-report.ts';
import { tooLate } from './too-late.ts';

type ToolPorts = PortsOf<'run-tool'>;

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
  const { outcome: outcomeKey } = conversationKeys(run_id, agent);
  const recorded = await readDocument(ports, tenant, outcomeKey(turn, call.id), ToolOutcome);
  if (recorded !== undefined) return { id: call.id, ok: !recorded.is_error };

  const session = await requireSession(ports, input);
  if (session.status !== 'running') throw tooLate(run_id);
  const keys = conversationKeys(run_id, agent, session.opened_in);
  const { prompt } = await requireDocument(ports, tenant, keys.closed(turn - 1), Conversation);
  const reply = await requireDocument(ports, tenant, keys.reply(turn), TurnReply);
  const block = callsOf(reply).find(({ id }) => id === call.id);
  if (block === undefined) throw new Failure('INTERNAL', `Turn ${turn} of ${agent} has no tool call ${call.id}.`);

  const outcome = await writeOnce(
    ports,
    tenant,
    keys.outcome(turn, call.id),
    ToolOutcome,
    await perform(ports, session, prompt, block),
  );
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
    const call = readToolCall(block, toolsFor('run', prompt.tools));
    try {
      return await performCall(ports, session, prompt, call);
    } finally {
      if (tools[call.tool].effect === 'runs') await keepEvidence(ports, session);
    }
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
      return executeSql(ports, session, call.input);
    case 'execute_python':
      return executePython(ports, session, call.input);
    case 'describe_table':
      return describeTable(ports, session, call.input);
    case 'submit_html':
      return submitReport(ports, session, prompt, call.input);
  }
};
