import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Prompt } from '../contracts/agent.ts';
import { Failure } from '../contracts/failure.ts';
import type { Prompts } from '../ports/prompts.ts';

/**
 * Prompts from a folder of YAML files, `{agent}.yaml` each; `SURVEYOR_PROMPT_{AGENT}` (hyphens as underscores) replaces a
 * file by another one, whole and in base64. Read anew each time, so a changed file holds from the next run on.
 */
export const promptFiles = ({
  dir,
  env,
}: {
  readonly dir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Prompts => ({
  async get(agent) {
    const variable = `SURVEYOR_PROMPT_${agent.toUpperCase().replaceAll('-', '_')}`;
    const override = env[variable];
    const isOverridden = override !== undefined && override !== '';
    const where = isOverridden ? variable : `${agent}.yaml`;
    const text = isOverridden ? decode(override, variable) : await read(dir, agent);
    const prompt = check(text, where);
    if (prompt.id !== agent)
      throw invalid(where, `its id is "${prompt.id}", but it stands for the agent "${agent}". Write "id: ${agent}".`);
    return { prompt, hash: createHash('sha256').update(text).digest('hex') };
  },
});

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
