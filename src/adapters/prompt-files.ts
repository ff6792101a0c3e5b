import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Prompt } from '../contracts/agent.ts';
import { Failure } from '../contracts/failure.ts';
import type { StoredPrompt } from '../contracts/stored-prompt.ts';
import type { PromptSources } from './prompts-in-force.ts';

/**
 * Prompts from a folder of YAML files, `{agent}.yaml` each, and `SURVEYOR_PROMPT_{AGENT}` (hyphens as underscores), which replaces
 * a file by another one, whole and in base64. Read anew each time, so a changed file holds from the next run on.
 */
export const promptFiles = ({
  dir,
  env,
}: {
  readonly dir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Pick<PromptSources, 'shipped' | 'setting'> => ({
  shipped: async (agent) => parsePrompt(await read(dir, agent), `${agent}.yaml`, agent),
  setting: (agent) => {
    const variable = `SURVEYOR_PROMPT_${agent.toUpperCase().replaceAll('-', '_')}`;
    const override = env[variable];
    return override === undefined || override === ''
      ? undefined
      : parsePrompt(decode(override, variable), variable, agent);
  },
});

/** A prompt from its text. `where` is where the text came from. Fails with SETTING_INVALID, saying what is wrong. */
export const parsePrompt = (text: string, where: string, agent: string): StoredPrompt => {
  const document = check(text, where);
  if (document.id !== agent)
    throw invalid(where, `its id is "${document.id}", but it stands for the agent "${agent}". Write "id: ${agent}".`);
  return { text, document };
};

const read = async (dir: string, agent: string): Promise<string> => {
  // Nothing but a plain name reaches the file system.
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(agent)) throw new Failure('NOT_FOUND', `"${agent}" is no name of an agent.`);
  try {
    return await readFile(join(dir, `${agent}.yaml`), 'utf8');
  } catch {
    const there = (await readdir(dir).catch(() => []))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => name.slice(0, -5));
    throw new Failure(
      'NOT_FOUND',
      `There is no prompt for the agent "${agent}" in ${dir}; there are: ${there.toSorted().join(', ') || 'none'}.`,
    );
  }
};

const decode = (value: string, variable: string): string => {
  const text = Buffer.from(value, 'base64').toString('utf8');
  const isBase64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(value) && !text.includes('\uFFFD');
  if (!isBase64)
    throw invalid(variable, 'it is not a text in base64. Set it to the output of "base64 -w0 prompt.yaml".');
  return text;
};

const check = (text: string, where: string): Prompt => {
  let document: unknown;
  try {
    document = parse(text);
  } catch (thrown) {
    throw invalid(where, `it is not YAML: ${thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown)}`);
  }
  const parsed = Prompt.safeParse(document);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the document'}: ${issue.message}`);
  throw invalid(
    where,
    `${issues.join('; ')}. Correct ${issues.length === 1 ? 'this field' : 'these fields'}; prompts/ holds examples.`,
  );
};

const invalid = (where: string, what: string): Failure =>
  new Failure('SETTING_INVALID', `The prompt ${where} is wrong: ${what}`, { where });
