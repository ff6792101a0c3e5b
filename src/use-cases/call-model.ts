import { randomUUID } from 'node:crypto';
import type { AgentSession, HeldCall } from '../contracts/agent.ts';
import { causeOf } from '../contracts/failure-cause.ts';
import { reportOf } from '../contracts/failure-report.ts';
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
import { reserve } from '../domain/budget/reserve.ts';
import { giveUpHeld, heldIn, holdCall, settleCall } from '../domain/budget/held-calls.ts';
import { type Tokens, allTokens, costOf, noTokens } from '../domain/budget/usage.ts';
import type { BrokenCall, ModelRequest } from '../ports/model.ts';
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
import { waitForModel } from './wait-for-model.ts';

type CallPorts = PortsOf<'call-model'>;

/** No answer takes longer; the state that waits for it has 900 seconds. */
const longestAnswer = 840;

/**
 * One call of the model. What it could cost at most is counted before it is made, and what it did cost instead once that is known,
 * of one that broke off too; one that does not fit any limit is not made. The answer is recorded before the session counts
 * it, so a state that is tried again never pays twice. A service that takes no more requests is waited for by the machine.
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
  const reservation = holdMost(session, now, request, last);
  if (typeof reservation === 'string') {
    await noteFailure(ports, session, new Failure('BUDGET_EXCEEDED', reservation));
    return { next: 'finish', calls: [], tokens: 0, dollars: 0 };
  }

  const call: HeldCall = {
    call: randomUUID(),
    turn,
    // The analyst that runs without a model costs nothing, whatever becomes of it.
    tokens: session.model === 'deterministic' ? noTokens : reservation.tokens,
    dollars: reservation.dollars,
  };
  const held = holdCall(session, call);
  await putSession(ports, held);
  const answer = await ports.model
    .reply({ ...request, max_output_tokens: reservation.tokens.output_tokens })
    // Nobody knows what it came to, so it stays held.
    .catch(async (thrown: unknown) =>
      Promise.reject(await noteFailure(ports, { ...held, reserved_dollars: 0 }, thrown)),
    );
  const { price, known } = priceOf(session.model);
  if (!known) ports.log.warn('price unknown, the dearest is used', { model: session.model });
  if ('failure' in answer) return breakOff(ports, input, call, answer);
  const reply: TurnReply = {
    content: answer.content,
    stop_reason: answer.stop_reason,
    tokens: answer.usage,
    dollars: costOf(price, answer.usage),
    max_output_tokens: reservation.tokens.output_tokens,
    attempt,
    call: call.call,
  };
  // Kept also where the run was stopped meanwhile: it is paid for, and a resumed run goes on from it.
  const key = reply.stop_reason === 'refusal' ? keys.refusal(turn, attempt) : keys.reply(turn);
  const isNew = recorded === undefined || key !== keys.reply(turn);
  if (!isNew) await writeDocument(ports, tenant, key, TurnReply, reply);
  const kept = isNew ? await writeOnce(ports, tenant, key, TurnReply, reply) : reply;
  const current = await requireSession(ports, input);
  // Another try may have been the first to answer: both are paid for.
  const own = kept.call === call.call ? current : settleIfHeld(current, call.call, answer.usage);
  return settleTurn(ports, own, turn, kept);
};

/** The session with the known cost of a call, where it still counts what is held for it. */
const settleIfHeld = (session: AgentSession, call: string, spent: Tokens | undefined): AgentSession =>
  spent !== undefined && heldIn(session).some((one) => one.call === call)
    ? settleCall(session, call, priceOf(session.model).price, spent)
    : { ...session, reserved_dollars: 0 };

/** Counts what a call has cost that brought no answer, as far as that is known; then waits for the service, or fails. */
const breakOff = async (
  ports: Using<{ sessions: 'read' | 'write' }, 'clock' | 'log'>,
  input: TaskInput<'call-model'>,
  { call, turn, tokens, dollars }: HeldCall,
  { failure, spent }: BrokenCall,
): Promise<TaskOutput<'call-model'>> => {
  const session = await requireSession(ports, input);
  const counted = settleIfHeld(session, call, spent);
  const cost = {
    tokens: allTokens(spent ?? tokens),
    dollars: spent === undefined ? dollars : costOf(priceOf(session.model).price, spent),
  };
  const told = { agent: session.agent, turn, failure: failure.kind };
  ports.log.info(measuredLines.modelCalled, {
    ...told,
    stop_reason: 'broken_off',
    ...cost,
  });
  const waiting = waitForModel(counted, turn, failure, ports.clock.now());
  if (waiting === undefined) throw await noteFailure(ports, counted, failure);
  if ('final' in waiting) throw await noteFailure(ports, counted, waiting.final);
  await putSession(ports, waiting.session);
  ports.log.warn('waits for the model', { ...told, seconds: waiting.seconds, reason: failure.message });
  return {
    next: 'wait',
    calls: [],
    ...cost,
    wait_seconds: waiting.seconds,
    error: failure.kind,
    cause: causeOf(reportOf(failure)),
  };
};

/** What to hold for a call: its tokens and dollars at most; or the limit that forbids it, in words. */
const holdMost = (
  session: AgentSession,
  now: Date,
  request: ModelRequest,
  last: TurnReply | undefined,
): { readonly tokens: Tokens; readonly dollars: number } | string => {
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
    const settled = settleCall(session, reply.call, priceOf(session.model).price, reply.tokens);
    const counted: AgentSession = giveUpHeld({ ...withoutFailure(settled), turns: turn });
    for (const { dollars, tokens } of heldIn(settled).filter((one) => !heldIn(counted).includes(one)))
      ports.log.info(measuredLines.modelCalled, {
        agent: session.agent,
        turn,
        stop_reason: 'unknown',
        tokens: allTokens(tokens),
        dollars,
      });
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
