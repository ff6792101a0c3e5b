import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chargeRequest } from './messages-api-cache.ts';
import type { CountedUsage, ReceivedBody, ReceivedRequest } from './messages-api-request.ts';
import { problemOf } from './messages-api-rules.ts';

/** A block of a scripted answer; `input_json` sends a tool's input as it stands, valid or not. */
export type ScriptedBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input?: unknown;
      readonly input_json?: string;
    };

/** What the service does with one request. */
export type Behaviour =
  | { readonly answer: readonly ScriptedBlock[]; readonly stop_reason: string; readonly output_tokens?: number }
  | {
      readonly status: number;
      readonly error: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly cut: readonly ScriptedBlock[] }
  | { readonly cut_cleanly: readonly ScriptedBlock[] }
  | { readonly error_event: string }
  | { readonly silent: true };

/** A Messages API on loopback that does what its script says, request by request; the last behaviour repeats. */
export type ScriptedMessagesApi = {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  readonly close: () => Promise<void>;
};

/**
 * Starts the service. It speaks the real streaming protocol, refuses what the real one refuses, and charges by the real
 * rules of prompt caching: prefixes are hashed block by block in the order tools, system, messages; a breakpoint writes its
 * prefix and reads the longest one known within the 20 blocks before it. A token stands for four bytes.
 */
export const startScriptedMessagesApi = async (
  script: readonly Behaviour[] | ((request: ReceivedBody, index: number) => Behaviour),
): Promise<ScriptedMessagesApi> => {
  const requests: ReceivedRequest[] = [];
  const cache = new Set<string>();
  const server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const index = requests.length;
    const refusal = problemOf(request, body);
    if (refusal !== undefined) {
      requests.push({ headers: request.headers, body });
      return sendError(response, refusal.status, refusal.type, refusal.message);
    }
    const behaviour = typeof script === 'function' ? script(body, index) : script[Math.min(index, script.length - 1)];
    if (behaviour === undefined) throw new Error('the script is empty');
    if ('status' in behaviour) {
      requests.push({ headers: request.headers, body });
      return sendError(
        response,
        behaviour.status,
        behaviour.error,
        behaviour.message ?? behaviour.error,
        behaviour.headers,
      );
    }
    const usage = chargeRequest(body, cache);
    requests.push({ headers: request.headers, body, usage });
    return answer(response, body, usage, behaviour);
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

const readBody = async (request: IncomingMessage): Promise<ReceivedBody> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as ReceivedBody;
};

const sendError = (
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_scripted', ...headers });
  response.end(JSON.stringify({ type: 'error', error: { type, message } }));
};

/** What the real service refuses: a wrong path, no key, forced tools, broken conversations, too many breakpoints. */
const problemOf = (
  request: IncomingMessage,
  body: ReceivedBody,
): { readonly status: number; readonly type: string; readonly message: string } | undefined => {
  const bad = (message: string) => ({ status: 400, type: 'invalid_request_error', message });
  if (request.method !== 'POST' || request.url !== '/v1/messages')
    return { status: 404, type: 'not_found_error', message: `${request.method} ${request.url}` };
  if (request.headers['x-api-key'] === undefined && request.headers.authorization === undefined)
    return { status: 401, type: 'authentication_error', message: 'no API key' };
  if (body['stream'] !== true) return bad('this service only streams');
  for (const field of ['temperature', 'top_p', 'top_k', 'thinking'])
    if (field in body) return bad(`${field} is not supported by this model`);
  const choice = body['tool_choice'] as { type?: string } | undefined;
  if (choice !== undefined && choice.type !== 'auto')
    return bad('tool_choice forces tool use, which this model does not support');
  if (blocksOf(body).filter(({ marked }) => marked).length > 4)
    return bad('A maximum of 4 blocks with cache_control may be provided');
  return conversationProblem(body, bad);
};

const conversationProblem = <T>(body: ReceivedBody, bad: (message: string) => T): T | undefined => {
  if (body.messages[0]?.role !== 'user') return bad('messages: first message must use the "user" role');
  for (const [index, message] of body.messages.entries()) {
    if (message.content.length === 0) return bad(`messages.${index}: all messages must have non-empty content`);
    for (const block of message.content) {
      if (block.type === 'text' && String(block['text']).trim() === '')
        return bad(`messages.${index}: text content blocks must be non-empty`);
      if (block.type === 'thinking' && !block['signature'])
        return bad(`messages.${index}: thinking block without signature`);
      if (block.type === 'tool_use' && (typeof block['input'] !== 'object' || block['input'] === null))
        return bad(`messages.${index}: tool_use.input: Input should be a valid dictionary`);
    }
    if (message.role !== 'assistant') continue;
    const calls = message.content.filter(({ type }) => type === 'tool_use').map((block) => block['id']);
    const results = (body.messages[index + 1]?.content ?? [])
      .filter(({ type }) => type === 'tool_result')
      .map((block) => block['tool_use_id']);
    if (calls.some((id) => !results.includes(id)))
      return bad('`tool_use` ids were found without `tool_result` blocks immediately after');
    if (results.some((id) => !calls.includes(id))) return bad('unexpected `tool_use_id` found in `tool_result` blocks');
  }
  return undefined;
};

type CountedBlock = { readonly tokens: number; readonly hash: string; readonly marked: boolean };

/** Every block in the order in which it is cached, with the hash of all up to it. */
const blocksOf = (body: ReceivedBody): readonly CountedBlock[] => {
  const blocks = [
    ...body.tools.map((block) => ({ at: 'tool', block })),
    ...body.system.map((block) => ({ at: 'system', block })),
    ...body.messages.flatMap(({ role, content }) => content.map((block) => ({ at: role, block }))),
  ];
  let hash = '';
  return blocks.map(({ at, block: { cache_control: mark, ...block } }) => {
    const text = JSON.stringify([at, block]);
    hash = createHash('sha256').update(body.model).update(hash).update(text).digest('hex');
    return { tokens: Math.ceil(Buffer.byteLength(text) / 4), hash, marked: mark !== undefined };
  });
};

/** What a request is charged, and what it leaves in the cache. */
const charge = (body: ReceivedBody, cache: Set<string>): CountedUsage => {
  const blocks = blocksOf(body);
  const upTo: number[] = [];
  for (const { tokens } of blocks) upTo.push((upTo.at(-1) ?? 0) + tokens);
  const breakpoints = blocks.flatMap(({ marked }, index) =>
    marked && (upTo[index] ?? 0) >= leastCached ? [index] : [],
  );
  const hit = breakpoints.toReversed().flatMap((at) =>
    Array.from({ length: Math.min(lookback, at + 1) }, (_, back) => at - back)
      .filter((index) => cache.has(blocks[index]?.hash ?? ''))
      .slice(0, 1),
  );
  const read = hit.length === 0 ? 0 : (upTo[Math.max(...hit)] ?? 0);
  const written = Math.max(0, (upTo[breakpoints.at(-1) ?? -1] ?? 0) - read);
  for (const at of breakpoints) cache.add(blocks[at]?.hash ?? '');
  return {
    input_tokens: (upTo.at(-1) ?? 0) - read - written,
    cache_read_input_tokens: read,
    cache_creation_input_tokens: written,
  };
};

const answer = (
  response: ServerResponse,
  body: ReceivedBody,
  usage: CountedUsage,
  behaviour: Exclude<Behaviour, { readonly status: number }>,
): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_scripted' });
  const send = (event: { readonly type: string } & Readonly<Record<string, unknown>>): void => {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  if ('silent' in behaviour) {
    response.flushHeaders();
    return;
  }
  const blocks =
    'answer' in behaviour
      ? behaviour.answer
      : 'cut' in behaviour
        ? behaviour.cut
        : 'cut_cleanly' in behaviour
          ? behaviour.cut_cleanly
          : [];
  const message = {
    id: 'msg_scripted',
    type: 'message',
    role: 'assistant',
    model: body.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
  send({ type: 'message_start', message: { ...message, usage: { ...usage, output_tokens: 1 } } });
  send({ type: 'ping' });
  if ('error_event' in behaviour) {
    send({ type: 'error', error: { type: behaviour.error_event, message: behaviour.error_event } });
    response.end();
    return;
  }
  const isCut = !('answer' in behaviour);
  blocks.forEach((block, index) => sendBlock(send, block, index, isCut && index === blocks.length - 1));
  if ('answer' in behaviour) {
    const output_tokens = behaviour.output_tokens ?? Math.ceil(JSON.stringify(blocks).length / 4);
    send({
      type: 'message_delta',
      delta: { stop_reason: behaviour.stop_reason, stop_sequence: null },
      usage: { output_tokens },
    });
    send({ type: 'message_stop' });
    response.end();
  } else if ('cut_cleanly' in behaviour) response.end();
  // After what was written has left, or there would be nothing to cut.
  else setTimeout(() => response.destroy(), 50);
};

const sendBlock = (
  send: (event: { readonly type: string } & Readonly<Record<string, unknown>>) => void,
  block: ScriptedBlock,
  index: number,
  isCut: boolean,
): void => {
  const delta = (fields: Readonly<Record<string, unknown>>) =>
    send({ type: 'content_block_delta', index, delta: fields });
  switch (block.type) {
    case 'text':
      send({ type: 'content_block_start', index, content_block: { type: 'text', text: '' } });
      for (const part of halves(block.text, isCut)) delta({ type: 'text_delta', text: part });
      break;
    case 'thinking':
      send({ type: 'content_block_start', index, content_block: { type: 'thinking', thinking: '', signature: '' } });
      for (const part of halves(block.thinking, isCut)) delta({ type: 'thinking_delta', thinking: part });
      if (!isCut && block.signature !== '') delta({ type: 'signature_delta', signature: block.signature });
      break;
    case 'tool_use': {
      send({
        type: 'content_block_start',
        index,
        content_block: { type: 'tool_use', id: block.id, name: block.name, input: {} },
      });
      const json = block.input_json ?? JSON.stringify(block.input ?? {});
      for (const part of halves(json, isCut)) delta({ type: 'input_json_delta', partial_json: part });
    }
  }
  if (!isCut) send({ type: 'content_block_stop', index });
};

const halves = (text: string, isCut: boolean): readonly string[] => {
  const middle = Math.ceil(text.length / 2);
  return isCut ? [text.slice(0, middle)] : [text.slice(0, middle), text.slice(middle)].filter((part) => part !== '');
};
