import type { AgentSession } from '../contracts/agent.ts';
import { Failure } from '../contracts/failure.ts';
import type { ModelMessage } from '../contracts/model-message.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { closingBlocks, mostReminders } from '../domain/agent/closing-blocks.ts';
import { continuedConversation } from '../domain/agent/continued-conversation.ts';
import { Conversation, ToolOutcome, TurnReply, conversationKeys } from '../domain/agent/conversation.ts';
import { callsOf, keptContent } from '../domain/agent/read-reply.ts';
import { describeUse, exceededLimit, limitUses, wrapUpShare } from '../domain/budget/limits.ts';
import type { PortsOf, Using } from '../ports/port-access.ts';
import {
  noteFailure,
  putSession,
  readDocument,
  requireDocument,
  requireSession,
  writeOnce,
} from './agent-documents.ts';

/**
 * Ends a turn: the answer and the results of its calls, in the order of the calls, become part of the conversation, with
 * a note where the budget runs low or the report is still missing. Run again, it finds the turn closed and decides anew.
 */
export const closeTurn = async (
  ports: PortsOf<'close-turn'>,
  input: TaskInput<'close-turn'>,
): Promise<TaskOutput<'close-turn'>> => {
  const { tenant, run_id, agent, turn } = input;
  const session = await requireSession(ports, input);
  if (session.status !== 'running') return { next: 'finish' };
  const keys = conversationKeys(run_id, agent, session.opened_in);
  const closed =
    (await readDocument(ports, tenant, keys.closed(turn), Conversation)) ?? (await close(ports, session, turn));
  if (session.wrap_up_told !== closed.wrap_up_told)
    await putSession(ports, { ...session, wrap_up_told: closed.wrap_up_told });
  return { next: await decide(ports, { ...session, wrap_up_told: closed.wrap_up_told }, closed) };
};

const close = async (
  ports: Using<{ documents: 'read' | 'write' }, 'clock' | 'log'>,
  session: AgentSession,
  turn: number,
): Promise<Conversation> => {
  const keys = conversationKeys(session.run_id, session.agent, session.opened_in);
  const reply = await requireDocument(ports, session.tenant, keys.reply(turn), TurnReply);
  const left = await requireDocument(ports, session.tenant, keys.closed(turn - 1), Conversation);
  const before = continuedConversation(left, reply.attempt ?? left.attempt);
  const calls = callsOf(reply);
  const outcomes = await Promise.all(
    calls.map(({ id }) => readDocument(ports, session.tenant, keys.outcome(turn, id), ToolOutcome)),
  );

  const fullest = limitUses(session, ports.clock.now())[0];
  const wrapUp = before.wrap_up_told || fullest === undefined || fullest.share < wrapUpShare ? undefined : fullest;
  if (wrapUp !== undefined)
    ports.log.info('agent told to wrap up', { agent: session.agent, limit: wrapUp.limit, share: wrapUp.share });
  const kept = keptContent(reply);
  const answer: ModelMessage = { role: 'assistant', content: kept };
  const closing: ModelMessage = {
    role: 'user',
    content: closingBlocks({
      reply,
      outcomes: new Map(
        calls.flatMap(({ id }, index) => (outcomes[index] === undefined ? [] : [[id, outcomes[index]]])),
      ),
      wrapUp,
    }),
  };
  const conversation: Conversation = {
    prompt: before.prompt,
    // The API takes no message without content.
    messages: [...before.messages, ...[answer, closing].filter(({ content }) => content.length > 0)],
    reminders: calls.length > 0 || reply.stop_reason === 'max_tokens' ? 0 : before.reminders + 1,
    wrap_up_told: before.wrap_up_told || wrapUp !== undefined,
    attempt: before.attempt,
  };
  return writeOnce(ports, session.tenant, keys.closed(turn), Conversation, conversation);
};

const decide = async (
  ports: Using<{ sessions: 'write' }, 'clock'>,
  session: AgentSession,
  closed: Conversation,
): Promise<'call_model' | 'finish'> => {
  if (session.report_submitted) return 'finish';
  const exceeded = exceededLimit(session, ports.clock.now());
  if (exceeded !== undefined) {
    const message = `The agent ${session.agent} has used up its ${exceeded.limit}: ${describeUse(exceeded)}. Raise budget.${exceeded.limit}, or name fewer tables.`;
    await noteFailure(ports, session, new Failure('BUDGET_EXCEEDED', message));
    return 'finish';
  }
  // A resumed agent gets its chance again, with a fresh count.
  if (closed.reminders > mostReminders && closed.attempt === session.attempt) {
    const message = `The agent ${session.agent} stopped using its tools and, reminded ${mostReminders} times, submitted no report.`;
    await noteFailure(ports, session, new Failure('AGENT_WITHOUT_REPORT', message));
    return 'finish';
  }
  return 'call_model';
};
