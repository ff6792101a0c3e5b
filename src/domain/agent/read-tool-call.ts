import { Failure } from '../../contracts/failure.ts';
import type { ToolUseBlock } from '../../contracts/model-message.ts';
import { type ToolInput, tools } from '../../contracts/tool.ts';
import type { ToolName } from '../../contracts/tool-name.ts';

/** A tool call whose input has been checked. */
export type ToolCall = { readonly [T in ToolName]: { readonly tool: T; readonly input: ToolInput<T> } }[ToolName];

/** Reads a tool call. Fails with INVALID_REQUEST, in words that the model can act on, on a tool it has not and on a malformed input. */
export const readToolCall = (block: ToolUseBlock, allowed: readonly ToolName[]): ToolCall => {
  const tool = allowed.find((name) => name === block.name);
  if (tool === undefined) {
    throw new Failure(
      'INVALID_REQUEST',
      `There is no tool "${block.name.slice(0, 80)}". Your tools are ${allowed.join(', ')}.`,
    );
  }
  if (typeof block.input === 'string') {
    throw new Failure(
      'INVALID_REQUEST',
      `The input of ${tool} was not valid JSON, so nothing was run. It began: ${block.input.slice(0, 200)}`,
    );
  }
  const parsed = tools[tool].input.safeParse(block.input);
  // Which input belongs to which tool is what the table says; the compiler does not follow it through a lookup.
  if (parsed.success) return { tool, input: parsed.data } as ToolCall;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ');
  const fields = Object.keys(tools[tool].input.shape).join(', ');
  throw new Failure(
    'INVALID_REQUEST',
    `The input of ${tool} is wrong, so nothing was run: ${issues}. It takes an object with ${fields}.`,
  );
};
