import type { IncomingMessage } from 'node:http';
import { countBlocks } from './messages-api-cache.ts';
import type { ReceivedBody } from './messages-api-request.ts';

/** What the real service refuses: a wrong path, no key, forced tools, broken conversations, too many breakpoints. */
export const problemOf = (
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
  if (countBlocks(body).filter(({ marked }) => marked).length > 4)
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
