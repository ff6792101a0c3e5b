import type { ToolName } from '../../contracts/agent.ts';
import { Failure } from '../../contracts/failure.ts';
import type { ToolUseBlock } from '../../contracts/message.ts';
import { toolInputs } from './tools.ts';

/** A tool call whose input has been checked. */
export type ToolCall =
  | { readonly tool: 'execute_sql'; readonly sql: string; readonly source?: string | undefined }
  | { readonly tool: 'execute_python'; readonly code: string }
  | { readonly tool: 'submit_html'; readonly content: string };

/** Reads a tool call. Fails with INVALID_REQUEST, in words that the model can act on, on a tool it has not and on a malformed input. */
export const readToolCall = (block: ToolUseBlock, tools: readonly ToolName[]): ToolCall => {
  const tool = tools.find((name) => name === block.name);
  if (tool === undefined) {
    throw new Failure(
      'INVALID_REQUEST',
      `There is no tool "${block.name.slice(0, 80)}". Your tools are ${tools.join(', ')}.`,
    );
  }
  if (typeof block.input === 'string') {
    throw new Failure(
      'INVALID_REQUEST',
      `The input of ${tool} was not valid JSON, so nothing was run. It began: ${block.input.slice(0, 200)}`,
    );
  }
  switch (tool) {
    case 'execute_sql':
      return { tool, ...check(tool, block.input) };
    case 'execute_python':
      return { tool, ...check(tool, block.input) };
    case 'submit_html':
      return { tool, ...check(tool, block.input) };
  }
};

const check = <T extends ToolName>(tool: T, input: unknown): ReturnType<(typeof toolInputs)[T]['parse']> => {
  const parsed = toolInputs[tool].safeParse(input);
  if (parsed.success) return parsed.data as ReturnType<(typeof toolInputs)[T]['parse']>;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ');
  const fields = Object.keys(toolInputs[tool].shape).join(', ');
  throw new Failure(
    'INVALID_REQUEST',
    `The input of ${tool} is wrong, so nothing was run: ${issues}. It takes an object with ${fields}.`,
  );
};
