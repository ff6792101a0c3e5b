import type { ModelMessage } from '../../contracts/model-message.ts';
import { promptTokens } from '../budget/usage.ts';
import type { TurnReply } from './conversation.ts';

/** What the API adds of its own to a prompt: at most some hundred tokens that explain the use of tools. */
const overhead = 1_024;

/**
 * The most tokens that a prompt can have. A token stands for at least one byte, so bytes bound what was never counted;
 * what the last call already held was counted then: its prompt, and its answer, which is part of the prompt now.
 */
export const mostPromptTokens = (
  request: { readonly system: string; readonly tools: readonly unknown[]; readonly messages: readonly ModelMessage[] },
  last: TurnReply | undefined,
): number => {
  if (last === undefined) return overhead + bytes([request.system, request.tools, request.messages]);
  const answered = request.messages.findLastIndex((message) => message.role === 'assistant');
  return overhead + promptTokens(last.tokens) + last.tokens.output_tokens + bytes(request.messages.slice(answered + 1));
};

const bytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;
