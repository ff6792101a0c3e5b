import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../contracts/failure.ts';
import { StoredPrompt } from '../../contracts/stored-prompt.ts';

/** Prompts from the folder beside a bundle, `{agent}.json` each: they were read from YAML when the bundle was made. */
export const bundledPrompts =
  (dir: string) =>
  async (agent: string): Promise<StoredPrompt> => {
    const bundled = await readFile(join(dir, `${agent}.json`), 'utf8').catch((cause: unknown) => {
      throw new Failure('NOT_FOUND', `No prompt for the agent "${agent}" was deployed. Add prompts/${agent}.yaml.`, {
        cause,
      });
    });
    return StoredPrompt.parse(JSON.parse(bundled));
  };
