import { Failure } from '../contracts/failure.ts';
import type { StoredPrompt } from '../contracts/stored-prompt.ts';
import type { FoundPrompt, Prompts } from '../ports/prompts.ts';
import type { PromptStore } from '../ports/prompt-store.ts';
import { promptHash } from './prompt-hash.ts';

/** Where a platform has prompts beside those that are stored. */
export type PromptSources = {
  /** What the agent comes with. Fails with NOT_FOUND, and with SETTING_INVALID on one that its schema refuses. */
  readonly shipped: (agent: string) => Promise<StoredPrompt>;
  /** What a setting of the deployment or of the machine has in its place: the prompt, or the hash of one that is stored. */
  readonly setting: (agent: string) => StoredPrompt | string | undefined;
  readonly store: PromptStore;
};

type Current = { readonly hash: string; readonly prompt: StoredPrompt };

const gone = (agent: string, hash: string, who: string): Failure =>
  new Failure(
    'SETTING_INVALID',
    `${who} the prompt ${hash} for the agent "${agent}", and there is none under this hash. Put it back (\`prompts add\`), or choose another one.`,
    { where: `prompts.${agent}` },
  );

/** The prompts as they are in force, by one order on every platform. */
export const promptsInForce = ({ shipped, setting, store }: PromptSources): Prompts => {
  const kept = new Set<string>();

  // By the hash that it was asked for with: a later version may read more from the same object.
  const stored = async (agent: string, hash: string, who: string): Promise<Current> => {
    const found = await store.read(hash);
    if (found === undefined) throw gone(agent, hash, who);
    if (found.document.id === agent) return { hash, prompt: found };
    throw new Failure(
      'SETTING_INVALID',
      `${who} the prompt ${hash} for the agent "${agent}", and it is of "${found.document.id}". Choose one of its own.`,
      { where: `prompts.${agent}` },
    );
  };

  const own = (prompt: StoredPrompt): Current => ({ hash: promptHash(prompt), prompt });

  const current = async (agent: string): Promise<Current> => {
    const set = setting(agent);
    if (typeof set === 'string') return stored(agent, set, 'The settings name');
    if (set !== undefined) return own(set);
    const choice = await store.choice(agent);
    return choice === undefined ? own(await shipped(agent)) : stored(agent, choice.hash, 'Somebody chose');
  };

  const foundIn = ({ hash, prompt }: Current): FoundPrompt => ({ prompt: prompt.document, hash });

  return {
    async inForce(agent) {
      const now = await current(agent);
      // A deployment or an edit may replace what the agent comes with while the run is under way.
      if (!kept.has(now.hash)) await store.keep(now.hash, now.prompt);
      kept.add(now.hash);
      return foundIn(now);
    },
    find: async (agent, hash) =>
      foundIn(hash === undefined ? await current(agent) : await stored(agent, hash, 'The run began with')),
  };
};
