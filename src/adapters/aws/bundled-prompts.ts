import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { Prompt } from '../../contracts/agent.ts';
import { Failure } from '../../contracts/failure.ts';
import type { Prompts } from '../../ports/prompts.ts';

/** A prompt as a bundle carries it: the text, whose hash a run records, and what the text says. */
const BundledPrompt = z.strictObject({ text: z.string(), document: Prompt });

/**
 * Prompts from the folder beside a bundle, `{agent}.json` each. They were read from YAML when the bundle was made: a parser
 * of YAML would be a third of a function of the API.
 */
export const bundledPrompts = (dir: string): Prompts => ({
  async get(agent) {
    const bundled = await readFile(join(dir, `${agent}.json`), 'utf8').catch((cause: unknown) => {
      throw new Failure('NOT_FOUND', `No prompt for the agent "${agent}" was deployed. Add prompts/${agent}.yaml.`, {
        cause,
      });
    });
    const { text, document } = BundledPrompt.parse(JSON.parse(bundled));
    return { prompt: document, hash: createHash('sha256').update(text).digest('hex') };
  },
});
