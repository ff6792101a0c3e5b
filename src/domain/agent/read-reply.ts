import type { AssistantBlock, ToolUseBlock } from '../../contracts/model-message.ts';
import { maxCallsPerTurn, type ToolCallRef } from '../../contracts/tool-call-ref.ts';
import type { TurnReply } from './conversation.ts';

type Answer = Pick<TurnReply, 'content' | 'stop_reason'>;

/** What a reply asks for. */
export type ReplyMeaning = {
  readonly next: 'run_tools' | 'take_turn' | 'finish';
  readonly calls: readonly ToolCallRef[];
};

/** What is to be done about a reply: run its tools, answer its text, or end, because the model will not go on. */
export const readReply = (reply: Answer): ReplyMeaning => {
  if (reply.stop_reason === 'refusal') return { next: 'finish', calls: [] };
  const calls = wholeCalls(reply).slice(0, maxCallsPerTurn).map(toRef);
  return { next: calls.length > 0 ? 'run_tools' : 'take_turn', calls };
};

/** All tool calls of a reply, the cut one included. */
export const callsOf = (reply: Answer): readonly ToolUseBlock[] => reply.content.filter(isCall);

/** Whether a call is the one that the output limit cut: its input may be half of what was meant, so it is not run. */
export const isCut = (reply: Answer, call: ToolUseBlock): boolean =>
  reply.stop_reason === 'max_tokens' && reply.content.at(-1) === call;

/**
 * The part of a reply that goes back to the API: it refuses empty text, and a thinking block that the output limit cut
 * has no signature. Everything else goes back as it came.
 */
export const keptContent = (reply: Answer): readonly AssistantBlock[] =>
  reply.content.filter((block, index) => {
    if (block.type === 'text') return String(block['text']).trim() !== '';
    const isThinking = block.type === 'thinking' || block.type === 'redacted_thinking';
    return !(isThinking && reply.stop_reason === 'max_tokens' && index === reply.content.length - 1);
  });

const wholeCalls = (reply: Answer): readonly ToolUseBlock[] => callsOf(reply).filter((call) => !isCut(reply, call));

const isCall = (block: AssistantBlock): block is ToolUseBlock => block.type === 'tool_use';

const toRef = (call: ToolUseBlock): ToolCallRef => ({ id: call.id, name: call.name, summary: summarize(call) });

/** The beginning of what a call holds, on one line. Of a report its size alone: who may see the steps may not see reports. */
const summarize = ({ name, input }: ToolUseBlock): string => {
  const fields: readonly unknown[] = typeof input === 'object' && input !== null ? Object.values(input) : [input];
  if (name === 'submit_html') {
    const characters = fields.reduce<number>((sum, field) => sum + (typeof field === 'string' ? field.length : 0), 0);
    const findings = fields.reduce<number>((sum, field) => sum + (Array.isArray(field) ? field.length : 0), 0);
    return `report submitted, ${characters} ${characters === 1 ? 'character' : 'characters'}, ${findings} ${findings === 1 ? 'finding' : 'findings'}`;
  }
  const text = fields.find((field) => typeof field === 'string') ?? '';
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 160 ? line : `${line.slice(0, 159).toWellFormed()}…`;
};
