import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chargeRequest } from './messages-api-cache.ts';
import type { CountedUsage, ReceivedBody, ReceivedRequest } from './messages-api-request.ts';
import { problemOf } from './messages-api-rules.ts';

export type { ReceivedBody } from './messages-api-request.ts';

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
  /** Answers that are under way. */
  readonly connections: () => number;
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
  let open = 0;
  const server = createServer((request, response) => {
    open += 1;
    response.once('close', () => (open -= 1));
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
    connections: () => open,
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
