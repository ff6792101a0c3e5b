import type { AgentSession } from '../contracts/agent.ts';
import { Failure } from '../contracts/failure.ts';
import { measuredLines } from '../contracts/measured-lines.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { continuedConversation } from '../domain/agent/continued-conversation.ts';
import { Conversation, TurnReply, conversationKeys } from '../domain/agent/conversation.ts';
import { mostPromptTokens } from '../domain/agent/prompt-bound.ts';
import { readReply } from '../domain/agent/read-reply.ts';
import { describeTools, toolsFor } from '../domain/agent/tools.ts';
import { describeUse, exceededLimit, secondsLeft } from '../domain/budget/limits.ts';
import { priceOf } from '../domain/budget/prices.ts';
import { type Reservation, reserve } from '../domain/budget/reserve.ts';
import { addCall, allTokens, costOf } from '../domain/budget/usage.ts';
import type { ModelRequest } from '../ports/model.ts';
import type { PortsOf, Using } from '../ports/port-access.ts';
import {
  noteFailure,
  putSession,
  readDocument,
  requireDocument,
  requireSession,
  withoutFailure,
  writeDocument,
  writeOnce,
} from './agent-documents.ts';

type CallPorts = PortsOf<'call-model'>;

/** No answer takes longer; the state that waits for it has 900 seconds. */
const longestAnswer = 840;

/**
 * One call of the model. The dollars it could cost at most are held before it is made; one that does not fit any limit is
 * not made. The answer is recorded before the session counts it, so a state that is tried again never pays twice.
 */
export const callModel = async (
  ports: CallPorts,
  input: TaskInput<'call-model'>,
): Promise<TaskOutput<'call-model'>> => {
  const { tenant, run_id, agent, turn } = input;
  const session = await requireSession(ports, input);
  if (session.status !== 'running') return { next: 'finish', calls: [], tokens: 0, dollars: 0 };
  const { attempt } = session;
  const keys = conversationKeys(run_id, agent, session.opened_in);

  const recorded = await readDocument(ports, tenant, keys.reply(turn), TurnReply);
  // Before refusals had a place of their own they lay here. One ends its agent, and a resumed run asks once more.
  const isReply = recorded !== undefined && recorded.stop_reason !== 'refusal';
  if (isReply) return settleTurn(ports, session, turn, recorded);
  const refused = await readDocument(ports, tenant, keys.refusal(turn, attempt), TurnReply);
  if (refused !== undefined) return settleTurn(ports, session, turn, refused);

  const now = ports.clock.now();
  const closed = await requireDocument(ports, tenant, keys.closed(turn - 1), Conversation);
  const conversation = continuedConversation(closed, attempt);
  const last = turn === 1 ? undefined : await readDocument(ports, tenant, keys.reply(turn - 1), TurnReply);
  const request: ModelRequest = {
    model: session.model,
    system: conversation.prompt.system,
    tools: describeTools(toolsFor('run', conversation.prompt.tools)),
    messages: conversation.messages,
    max_output_tokens: conversation.prompt.max_output_tokens,
    analyst: conversation.prompt.analyst,
    timeout_seconds: Math.max(1, Math.min(longestAnswer, secondsLeft(session, now))),
  };
  const reservation = holdDollars(session, now, request, last);
  if (typeof reservation === 'string') {
    await noteFailure(ports, session, new Failure('BUDGET_EXCEEDED', reservation));
    return { next: 'finish', calls: [], tokens: 0, dollars: 0 };
  }

  const held: AgentSession = { ...session, reserved_dollars: reservation.dollars };
  await putSession(ports, held);
  const answer = await ports.model
    .reply({ ...request, max_output_tokens: reservation.max_output_tokens })
    .catch(async (thrown: unknown) =>
      Promise.reject(await noteFailure(ports, { ...held, reserved_dollars: 0 }, thrown)),
    );
  const { price, known } = priceOf(session.model);
  if (!known) ports.log.warn('price unknown, the dearest is used', { model: session.model });
  const reply: TurnReply = {
    content: answer.content,
    stop_reason: answer.stop_reason,
    tokens: answer.usage,
    dollars: costOf(price, answer.usage),
    max_output_tokens: reservation.max_output_tokens,
    attempt,
  };
  // Kept also where the run was stopped meanwhile: it is paid for, and a resumed run goes on from it.
  const key = reply.stop_reason === 'refusal' ? keys.refusal(turn, attempt) : keys.reply(turn);
  if (recorded === undefined || key !== keys.reply(turn))
    return settleTurn(ports, held, turn, await writeOnce(ports, tenant, key, TurnReply, reply));
  await writeDocument(ports, tenant, key, reply);
  return settleTurn(ports, held, turn, reply);
};

/** The dollars to hold for a call, or the limit that forbids it, in words. */
const holdDollars = (
  session: AgentSession,
  now: Date,
  request: ModelRequest,
  last: TurnReply | undefined,
): Reservation | string => {
  const exceeded = exceededLimit(session, now);
  if (exceeded !== undefined)
    return `The agent ${session.agent} has used up its ${exceeded.limit}: ${describeUse(exceeded)}. Raise budget.${exceeded.limit}, or name fewer tables.`;
  const left = session.budget.dollars - session.usage.dollars;
  const reservation = reserve({
    price: priceOf(session.model).price,
    most_prompt_tokens: mostPromptTokens(request, last),
    max_output_tokens: request.max_output_tokens,
    dollars_left: left,
  });
  return (
    reservation ??
    `The agent ${session.agent} has used ${describeUse({ limit: 'dollars', used: session.usage.dollars, most: session.budget.dollars })}; ` +
      `the $${left.toFixed(4)} left do not cover what the next call could cost at most. Raise budget.dollars, or name fewer tables.`
  );
};

/** Counts a recorded answer once, and says what it asks for. */
const settleTurn = async (
  ports: Using<{ sessions: 'write' }, 'log'>,
  session: AgentSession,
  turn: number,
  reply: TurnReply,
): Promise<TaskOutput<'call-model'>> => {
  const meaning = readReply(reply);
  if (session.turns < turn) {
    const counted: AgentSession = {
      ...withoutFailure(session),
      turns: turn,
      usage: addCall(session.usage, priceOf(session.model).price, reply.tokens),
      reserved_dollars: 0,
    };
    const refusal = {
      kind: 'MODEL_REFUSED',
      message: `The model declined to go on in turn ${turn}. Look at the prompt and the data it was shown, or set SURVEYOR_MODEL to another model.`,
    };
    await putSession(ports, reply.stop_reason === 'refusal' ? { ...counted, failure: refusal } : counted);
    ports.log.info(measuredLines.modelCalled, {
      agent: session.agent,
      turn,
      stop_reason: reply.stop_reason,
      ...reply.tokens,
      tokens: allTokens(reply.tokens),
      dollars: reply.dollars,
      calls: meaning.calls.length,
    });
  }
  return { next: meaning.next, calls: meaning.calls, tokens: allTokens(reply.tokens), dollars: reply.dollars };
};
