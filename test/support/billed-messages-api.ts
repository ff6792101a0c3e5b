import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { priceOf } from '../../src/domain/budget/prices.ts';
import { type Tokens, costOf } from '../../src/domain/budget/usage.ts';
import { chargeRequest } from './messages-api-cache.ts';
import type { ReceivedBody } from './messages-api-request.ts';

/** How the service takes one request. All but the first bring no answer. */
export const ways = [
  'answer',
  'closes_at_once',
  'rate_limited',
  'overloaded',
  'server_error',
  'gateway_gives_up',
  'resets_before_headers',
  'resets_after_headers',
  'resets_after_start',
  'resets_in_text',
  'ends_in_text',
  'resets_in_tool_input',
  'resets_in_thinking',
  'ends_before_stop',
  'overloaded_in_stream',
  'rate_limited_in_stream',
  'stopped_in_text',
] as const;
export type Way = (typeof ways)[number];

/** Ways whose cost the service tells in full, or that it certainly does not bill. */
export const exactWays: ReadonlySet<Way> = new Set<Way>([
  'answer',
  'rate_limited',
  'overloaded',
  'server_error',
  'ends_before_stop',
]);

/** What one request was like, and what the service bills for it. */
type Taken = { readonly way: Way; readonly tokens: Tokens };

/** A model service on loopback that keeps its own bill. */
export type BilledMessagesApi = {
  readonly url: string;
  readonly taken: readonly Taken[];
  readonly billed: () => number;
  readonly close: () => Promise<void>;
};

/** One request: how it is taken, and how many words the answer has. */
export type Plan = { readonly way: Way; readonly words: number; readonly submits: boolean };

type Send = (event: Readonly<Record<string, unknown>> & { readonly type: string }) => void;

/** Tokens that the service makes, and bills, while the line to it breaks. */
const underWay = 40;

/**
 * Starts the service. It bills the input of each request that it begins to work on, and each token that it makes: one a word of
 * text, twenty for each word of thinking that it shows; those that were under way when a line broke too. `stop` is called in the middle of
 * an answer that somebody stops.
 */
export const startBilledMessagesApi = async (
  planOf: (index: number) => Plan,
  stop: () => void,
): Promise<BilledMessagesApi> => {
  const taken: Taken[] = [];
  const cache = new Set<string>();
  const model = { name: '' };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = (await json(request)) as ReceivedBody;
    model.name = body.model;
    const index = taken.length;
    const { way, words, submits } = planOf(index);
    const bill = (input: Omit<Tokens, 'output_tokens'>, output_tokens: number): void => {
      taken[index] = { way, tokens: { ...input, output_tokens: Math.min(output_tokens, body.max_tokens) } };
    };
    const nothing = { input_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
    bill(nothing, 0);
    const refuse = (status: number, type: string): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ type: 'error', error: { type, message: type } }));
    };
    if (way === 'closes_at_once') return void response.destroy();
    if (way === 'rate_limited') return refuse(429, 'rate_limit_error');
    if (way === 'overloaded') return refuse(529, 'overloaded_error');
    if (way === 'server_error') return refuse(500, 'api_error');
    const counted = chargeRequest(body, cache);
    const input = {
      input_tokens: counted.input_tokens,
      cache_read_tokens: counted.cache_read_input_tokens,
      cache_write_tokens: counted.cache_creation_input_tokens,
    };
    bill(input, words);
    if (way === 'resets_before_headers') return void response.destroy();
    if (way === 'gateway_gives_up')
      return void response.writeHead(504, { 'content-type': 'text/html' }).end('<h1>504</h1>');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send: Send = (event) => void response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    const fail = (type: string): void => {
      send({ type: 'error', error: { type, message: type } });
      response.end();
    };
    const whenSent = (then: () => void): void => {
      response.write(': \n\n', () => setTimeout(then, 5));
    };
    /** After what was written has left, with what was made meanwhile. */
    const reset = (made: number): void => {
      bill(input, made + underWay);
      whenSent(() => response.destroy());
    };
    if (way === 'resets_after_headers') {
      response.flushHeaders();
      return reset(words);
    }
    const message = {
      id: 'msg',
      type: 'message',
      role: 'assistant',
      model: body.model,
      content: [],
      stop_reason: null,
    };
    send({ type: 'message_start', message: { ...message, usage: { ...counted, output_tokens: 1 } } });
    if (way === 'resets_after_start') return reset(0);
    const { texts, deltas } = contentOf(way, words);
    send({ type: 'content_block_start', index: 0, content_block: texts });
    for (const delta of deltas) send({ type: 'content_block_delta', index: 0, delta });
    switch (way) {
      case 'resets_in_text':
      case 'resets_in_tool_input':
        return reset(words);
      case 'resets_in_thinking':
        return reset(20 * words);
      case 'stopped_in_text':
        bill(input, words + underWay);
        return whenSent(stop);
      case 'ends_in_text':
        bill(input, Math.max(1, words));
        return void response.end();
      case 'overloaded_in_stream':
        bill(input, Math.max(1, words));
        return fail('overloaded_error');
      case 'rate_limited_in_stream':
        bill(input, Math.max(1, words));
        return fail('rate_limit_error');
      case 'answer':
      case 'ends_before_stop': {
        send({ type: 'content_block_stop', index: 0 });
        sendCall(send, index, submits);
        const output_tokens = Math.min(body.max_tokens, words + 30);
        bill(input, output_tokens);
        const delta = { stop_reason: 'tool_use', stop_sequence: null };
        send({ type: 'message_delta', delta, usage: { output_tokens } });
        if (way === 'answer') send({ type: 'message_stop' });
        response.end();
      }
    }
  };

  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    billed: () => taken.reduce((sum, { tokens }) => sum + costOf(priceOf(model.name).price, tokens), 0),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

const contentOf = (way: Way, words: number) => {
  const many = Array.from({ length: words }, (_, word) => 'abcdefgh'.slice(word % 7));
  if (way === 'resets_in_thinking')
    return {
      texts: { type: 'thinking', thinking: '', signature: '' },
      deltas: many.map((thinking) => ({ type: 'thinking_delta', thinking })),
    };
  if (way === 'resets_in_tool_input')
    return {
      texts: { type: 'tool_use', id: 'toolu_cut', name: 'execute_sql', input: {} },
      deltas: many.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    };
  return { texts: { type: 'text', text: '' }, deltas: ['So. ', ...many].map((text) => ({ type: 'text_delta', text })) };
};

const sendCall = (send: Send, index: number, submits: boolean): void => {
  const name = submits ? 'submit_html' : 'execute_sql';
  const input = submits ? { content: '<p>Done.</p>' } : { sql: `select ${index} as n` };
  send({
    type: 'content_block_start',
    index: 1,
    content_block: { type: 'tool_use', id: `toolu_${index}`, name, input: {} },
  });
  send({
    type: 'content_block_delta',
    index: 1,
    delta: { type: 'input_json_delta', partial_json: JSON.stringify(input) },
  });
  send({ type: 'content_block_stop', index: 1 });
};
