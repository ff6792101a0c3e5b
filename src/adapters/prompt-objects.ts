import { Name, Sha256 } from '../contracts/common.ts';
import { Failure } from '../contracts/failure.ts';
import { PromptChoice, StoredPrompt } from '../contracts/stored-prompt.ts';
import type { PromptStore } from '../ports/prompt-store.ts';
import { objectHash, promptObject } from './prompt-hash.ts';
import { storedJson } from '../contracts/stored-document.ts';

/** Objects of the deployment itself, by their keys. */
export type PromptObjects = {
  get(key: string): Promise<string | undefined>;
  put(key: string, text: string): Promise<void>;
  /** Where there is none under the key; else nothing. */
  putNew(key: string, text: string): Promise<void>;
  /** Says whether there was one. */
  remove(key: string): Promise<boolean>;
  /** The keys that begin so. */
  list(beginning: string): Promise<readonly string[]>;
};

/** No tenant has a name that begins with a dot. */
const folder = '.prompts';
const chosen = `${folder}/chosen/`;

const keptKey = (hash: string): string => `${folder}/kept/${Sha256.parse(hash)}.json`;
const chosenKey = (agent: string): string => `${chosen}${Name.parse(agent)}.json`;

const broken = (key: string, what: string): Failure =>
  new Failure(
    'SETTING_INVALID',
    `${key} is not the prompt that it should be: ${what}. Put it back (\`prompts add\`), or choose another one (\`prompts set\`, \`prompts reset\`).`,
    { where: key },
  );

const parseKept = (hash: string, object: string): StoredPrompt => {
  if (objectHash(object) !== hash) throw broken(keptKey(hash), 'it has another hash than its name');
  const parsed = StoredPrompt.safeParse(storedJson(object));
  if (parsed.success) return parsed.data;
  throw broken(keptKey(hash), parsed.error.issues[0]?.message ?? 'it cannot be read');
};

const parseChoice = (agent: string, text: string): PromptChoice => {
  const parsed = PromptChoice.safeParse(storedJson(text));
  if (parsed.success && parsed.data.agent === agent) return parsed.data;
  throw broken(chosenKey(agent), `it does not say which prompt the agent "${agent}" is told`);
};

/** Prompts and choices as objects: `.prompts/kept/{hash}.json`, `.prompts/chosen/{agent}.json`. */
export const promptObjects = (objects: PromptObjects): PromptStore => {
  const choice = async (agent: string): Promise<PromptChoice | undefined> => {
    // Nobody chose anything for what is no name of an agent.
    if (!Name.safeParse(agent).success) return undefined;
    const text = await objects.get(chosenKey(agent));
    return text === undefined ? undefined : parseChoice(agent, text);
  };
  return {
    keep: (hash, prompt) => objects.putNew(keptKey(hash), promptObject(prompt)),
    replace: (hash, prompt) => objects.put(keptKey(hash), promptObject(prompt)),
    async read(hash) {
      const object = await objects.get(keptKey(hash));
      return object === undefined ? undefined : parseKept(hash, object);
    },
    choice,
    async choices() {
      const agents = (await objects.list(chosen)).map((key) => key.slice(chosen.length, -'.json'.length)).toSorted();
      return (await Promise.all(agents.map(choice))).filter((one) => one !== undefined);
    },
    choose: (one) => objects.put(chosenKey(one.agent), JSON.stringify(one)),
    reset: (agent) => objects.remove(chosenKey(agent)),
  };
};
