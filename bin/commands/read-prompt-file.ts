import { readFileSync } from 'node:fs';
import { parsePrompt } from '../../src/adapters/prompt-files.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { maxPromptBytes, type StoredPrompt } from '../../src/contracts/stored-prompt.ts';
import { AgentContext } from '../../src/domain/agent/agent-context.ts';
import { templateNames } from '../../src/domain/agent/render-template.ts';

const invalid = (message: string, cause?: unknown): Failure =>
  new Failure('INVALID_REQUEST', message, { where: 'file', cause });

/**
 * A prompt from a file of this machine. Fails with INVALID_REQUEST on what no agent could be told: here it costs nobody a run.
 */
export const readPromptFile = (file: string, agent: string): StoredPrompt => {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw invalid(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, cause);
  }
  if (bytes.length > maxPromptBytes)
    throw invalid(
      `${file} has ${bytes.length} bytes, and a prompt may have ${maxPromptBytes}: all of it is sent in every turn.`,
    );
  const text = bytes.toString('utf8');
  if (text.includes('\uFFFD')) throw invalid(`${file} is no text in UTF-8.`);
  let prompt: StoredPrompt;
  try {
    prompt = parsePrompt(text, file, agent);
  } catch (thrown) {
    if (thrown instanceof Failure) throw invalid(thrown.message, thrown);
    throw thrown;
  }
  const given = Object.keys(AgentContext.shape);
  const unknown = templateNames(prompt.document.context).filter((name) => !given.includes(name));
  if (unknown.length > 0)
    throw invalid(
      `The context of ${file} asks for ${unknown.map((name) => `{{${name}}}`).join(', ')}, which no agent is given. There is: ${given.map((name) => `{{${name}}}`).join(', ')}.`,
    );
  return prompt;
};
