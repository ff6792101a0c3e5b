import Anthropic, { APIConnectionError, APIError } from '@anthropic-ai/sdk';
import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  Tool,
} from '@anthropic-ai/sdk/resources/messages/messages';
import { lookUp } from '../contracts/look-up.ts';
import { Failure, type FailureKind } from '../contracts/failure.ts';
import type { AssistantBlock, ModelMessage, UserBlock } from '../contracts/model-message.ts';
import { noTokens } from '../domain/budget/usage.ts';
import { cacheBreakpoints } from '../domain/agent/cache-breakpoints.ts';
import type { BrokenCall, Model, ModelRequest } from '../ports/model.ts';
import { type ClaudeMeter, claudeMeter } from './claude-meter.ts';
import { readClaudeReply } from './claude-reply.ts';
import { fetchWithinLimit } from './limit-body.ts';
import { wasNeverSent } from './never-sent.ts';
import { retryAfterOf } from './retry-after.ts';
import { wholeMilliseconds } from '../contracts/whole-milliseconds.ts';

/** How the Claude API is reached. */
export type ClaudeSettings = { readonly apiKey: string; readonly baseUrl?: string };

/**
 * Claude as the model. Answers are streamed. Nothing is tried again here: the machine that calls it waits without a
 * function that is paid for meanwhile, half a minute for what failed, twenty minutes for what is overloaded. Neither thinking nor the choice of a tool is set: the newest models refuse
 * to have either forced.
 */
export const claudeModel = ({ apiKey, baseUrl }: ClaudeSettings): Model => {
  const client = new Anthropic({
    apiKey,
    maxRetries: 0,
    logLevel: 'off',
    fetch: fetchWithinLimit,
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
  });
  return {
    kind: 'model',
    async reply(request) {
      // The whole answer has this long; the SDK’s own timeout ends with the first byte.
      const late = AbortSignal.timeout(wholeMilliseconds(request.timeout_seconds * 1_000));
      const signal = request.signal === undefined ? late : AbortSignal.any([late, request.signal]);
      const meter = claudeMeter(request.max_output_tokens);
      try {
        return await readClaudeReply(await client.messages.create(toParams(request), { signal }), meter);
      } catch (thrown) {
        // Nobody waits for the answer any more, and it is not the model that is to blame.
        request.signal?.throwIfAborted();
        if (!late.aborted) return { failure: toModelFailure(thrown, apiKey), spent: spentUntil(thrown, meter) };
        const failure = unavailable(
          `the model did not finish its answer within ${Math.round(request.timeout_seconds)} seconds. Allow fewer output tokens, or more seconds`,
        );
        return { failure, spent: meter.broken(false) };
      }
    },
  };
};

/** What a call has cost that broke off with an error: nothing where the service refused it, or was not reached. */
const spentUntil = (thrown: unknown, meter: ClaudeMeter): BrokenCall['spent'] => {
  // Our own failure tells of a stream that the service has ended, and so does an error inside of it.
  const isOver = thrown instanceof Failure || (thrown instanceof APIError && !(thrown instanceof APIConnectionError));
  return meter.broken(isOver) ?? (isRefused(thrown) || wasNeverSent(thrown) ? noTokens : undefined);
};

/** Statuses of who waited no longer: a time-out, and what nginx and load balancers write where a client was gone. */
const gaveUp: ReadonlySet<number> = new Set([408, 444, 460, 499]);

/** Whether the service itself refused the request. What stands before it may fail while the service works, and bills. */
const isRefused = (thrown: unknown): boolean =>
  thrown instanceof APIError &&
  thrown.status !== undefined &&
  !gaveUp.has(thrown.status) &&
  thrown.type !== 'timeout_error' &&
  (thrown.status < 500 || thrown.type !== null || busyStatus[thrown.status] !== undefined);

const ephemeral = { cache_control: { type: 'ephemeral' } } as const;

const toParams = (request: ModelRequest): MessageCreateParamsStreaming => {
  const marked = new Set(cacheBreakpoints(request.messages));
  return {
    model: request.model,
    max_tokens: request.max_output_tokens,
    stream: true,
    // Tools come before the system prompt in what is cached, so one mark covers both.
    system: [{ type: 'text', text: request.system, ...ephemeral }],
    tools: request.tools.map(({ name, description, input_schema }): Tool => ({
      name,
      description,
      input_schema: { ...input_schema, type: 'object' },
    })),
    messages: request.messages.map((message, index) => toParam(message, marked.has(index))),
  };
};

const toParam = ({ role, content }: ModelMessage, isMarked: boolean): MessageParam => ({
  role,
  content: content.map((block, index) => ({
    ...toBlock(block),
    ...(isMarked && index === content.length - 1 ? ephemeral : {}),
  })) as ContentBlockParam[],
});

/** A block as it goes back. The API wants an object as a tool’s input; text that was no JSON goes back inside one. */
const toBlock = (block: AssistantBlock | UserBlock): object =>
  block.type === 'tool_use' && (typeof block['input'] !== 'object' || block['input'] === null)
    ? { ...block, input: { invalid_json: block['input'] } }
    : block;

/** Statuses, and in a stream types, by which the API says that it has too much to do. */
const busyStatus: Readonly<Record<number, FailureKind>> = {
  429: 'MODEL_RATE_LIMITED',
  503: 'MODEL_OVERLOADED',
  529: 'MODEL_OVERLOADED',
};
const busyType: Readonly<Record<string, FailureKind>> = {
  rate_limit_error: 'MODEL_RATE_LIMITED',
  overloaded_error: 'MODEL_OVERLOADED',
};
const transientType = new Set(['api_error', 'timeout_error']);

/** What an error of the SDK means, in words that never hold the key. */
const toModelFailure = (thrown: unknown, apiKey: string): Failure => {
  const own = failureWithin(thrown);
  if (own !== undefined) return own;
  if (thrown instanceof APIConnectionError)
    return unavailable(
      'the connection failed. Look at the network, or at the address of the model service if you have set one',
    );
  if (!(thrown instanceof APIError))
    return unavailable(
      `its answer could not be read (${thrown instanceof Error ? thrown.message.slice(0, 200) : 'unknown'})`,
    );
  const { status, type, requestID } = thrown;
  const said = (thrown.apiMessage ?? thrown.message).replaceAll(apiKey, '…').slice(0, 500);
  const about = `${status ?? 'in the stream'}${type === null ? '' : ` ${type}`}${typeof requestID !== 'string' ? '' : `, request ${requestID}`}`;
  const busy = status === undefined ? lookUp(busyType, type ?? '') : busyStatus[status];
  if (busy !== undefined) {
    const retryAfter = retryAfterOf(thrown.headers, new Date());
    const message = `The model service takes no more requests now: it answered ${about}: ${said}.`;
    return new Failure(busy, message, retryAfter === undefined ? {} : { retryAfter });
  }
  const isTransient =
    status === undefined
      ? type === null || transientType.has(type)
      : gaveUp.has(status) || status === 409 || status >= 500;
  return isTransient
    ? unavailable(`it answered ${about}: ${said}`)
    : new Failure('MODEL_REJECTED', `The model service rejected the request (${about}): ${said}. ${advice(status)}`);
};

/** A failure of our own, which the SDK may have taken for one of the connection. */
const failureWithin = (thrown: unknown): Failure | undefined => {
  if (thrown instanceof Failure) return thrown;
  return thrown instanceof Error && thrown.cause !== undefined ? failureWithin(thrown.cause) : undefined;
};

const unavailable = (what: string): Failure =>
  new Failure('MODEL_UNAVAILABLE', `The model service cannot be used now: ${what}.`);

const advice = (status: number | undefined): string => {
  switch (status) {
    case 401:
      return 'Set ANTHROPIC_API_KEY to a valid key.';
    case 403:
      return 'The key in ANTHROPIC_API_KEY may not use this model; use another key or set SURVEYOR_MODEL.';
    case 404:
      return 'Set SURVEYOR_MODEL, or the model in the prompt file, to a model that exists.';
    case 413:
      return 'The conversation has become too long; lower budget.turns or name fewer tables.';
    default:
      return 'Look at the prompt file, the model’s name and the account’s credit.';
  }
};
