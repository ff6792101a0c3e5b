import * as z from 'zod';

/** The conversation between an agent and a model, in the shape of the Claude Messages API. */

export const TextBlock = z.looseObject({ type: z.literal('text'), text: z.string() });
export type TextBlock = z.infer<typeof TextBlock>;

export const ToolUseBlock = z.looseObject({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.unknown(),
});
export type ToolUseBlock = z.infer<typeof ToolUseBlock>;

export const ToolResultBlock = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z.string(),
  is_error: z.boolean().optional(),
});
export type ToolResultBlock = z.infer<typeof ToolResultBlock>;

/** Blocks that are bound to the conversation and go back as they came, untouched: thinking, redacted thinking. */
export const ThinkingBlock = z.looseObject({ type: z.enum(['thinking', 'redacted_thinking']) });
export type ThinkingBlock = z.infer<typeof ThinkingBlock>;

export const AssistantBlock = z.union([TextBlock, ToolUseBlock, ThinkingBlock]);
export type AssistantBlock = z.infer<typeof AssistantBlock>;

export const UserBlock = z.union([TextBlock, ToolResultBlock]);
export type UserBlock = z.infer<typeof UserBlock>;

export const ModelMessage = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('user'), content: z.array(UserBlock).readonly() }),
  z.strictObject({ role: z.literal('assistant'), content: z.array(AssistantBlock).readonly() }),
]);
export type ModelMessage = z.infer<typeof ModelMessage>;

/** Why the model stopped, in the API's words. */
export const StopReason = z.enum(['end_turn', 'tool_use', 'max_tokens', 'stop_sequence', 'pause_turn', 'refusal']);
export type StopReason = z.infer<typeof StopReason>;
