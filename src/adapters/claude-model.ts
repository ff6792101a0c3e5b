import Anthropic, { APIConnectionError, APIError } from '@anthropic-ai/sdk';
import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  Tool,
} from '@anthropic-ai/sdk/resources/messages/messages';
import { Failure } from '../contracts/failure.ts';
import type { AssistantBlock, ModelMessage, UserBlock } from '../contracts/model-message.ts';
import { cacheBreakpoints } from '../domain/agent/cache-breakpoints.ts';
import type { Model, ModelRequest } from '../ports/model.ts';
import { readClaudeReply } from './claude-reply.ts';
import { wholeMilliseconds } from '../contracts/whole-milliseconds.ts';

/** How the Claude API is reached. */
export type ClaudeSettings = { readonly apiKey: string; readonly baseUrl?: string };

/**
 * Claude as the model. Answers are streamed. Nothing is tried again here: the machine that calls it waits without a
 * function that is paid for meanwhile, half a minute for what failed, twenty for what is overloaded. Neither thinking nor the choice of a tool is set: the newest models refuse
 * to have either forced.
 */
export const claudeModel = ({ apiKey, baseUrl }: ClaudeSettings): Model => {
  const client = new Anthropic({
    apiKey,
    maxRetries: 0,
    logLevel: 'off',
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
  });
  return {
    kind: 'model',
    async reply(request) {
      // The whole answer has this long; the SDK’s own timeout ends with the first byte.
      const late = AbortSignal.timeout(wholeMilliseconds(request.timeout_seconds * 1_000));
      const signal = request.signal === undefined ? late : AbortSignal.any([late, request.signal]);
      try {
        return await readClaudeReply(await client.messages.create(toParams(request), { signal }));
      } catch (thrown) {
        // Nobody waits for the answer any more, and it is not the model that is to blame.
        request.signal?.throwIfAborted();
        if (late.aborted)
          throw unavailable(
            `the model did not finish its answer within ${Math.round(request.timeout_seconds)} seconds. Allow fewer output tokens, or more seconds`,
          );
        throw toModelFailure(thrown, apiKey);
      }
    },
  };
};

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
const overloadedStatus = new Set([429, 503, 529]);
const overloadedType = new Set(['overloaded_error', 'rate_limit_error']);
const transientType = new Set(['api_error', 'timeout_error']);

/** What an error of the SDK means, in words that never hold the key. */
const toModelFailure = (thrown: unknown, apiKey: string): Failure => {
  if (thrown instanceof Failure) return thrown;
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
  if (status === undefined ? type !== null && overloadedType.has(type) : overloadedStatus.has(status))
    return new Failure(
      'MODEL_OVERLOADED',
      `The model service has more requests than it takes: it answered ${about}: ${said}.`,
    );
  const isTransient =
    status === undefined ? type === null || transientType.has(type) : status === 408 || status === 409 || status >= 500;
  return isTransient
    ? unavailable(`it answered ${about}: ${said}`)
    : new Failure('MODEL_REJECTED', `The model service rejected the request (${about}): ${said}. ${advice(status)}`);
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
