import { mkdirSync, readdirSync } from 'node:fs';
import { promptHashes } from '../../src/contracts/prompt-hashes.ts';
import type { PromptStore } from '../../src/ports/prompt-store.ts';
import { localPrompts } from '../local/prompts.ts';
import { loadSettings } from '../local/settings.ts';

/** The prompts of this machine or of a stack. */
export type PromptsPlace = {
  readonly store: PromptStore;
  /** The agents that come with Surveyor. */
  readonly agents: readonly string[];
  /** What goes before anything chosen, by agent: the name of the setting. */
  readonly settings: ReadonlyMap<string, string>;
};

const agentOf = (variable: string): string =>
  variable.replace('SURVEYOR_PROMPT_', '').toLowerCase().replaceAll('_', '-');

/** Lets a command work with the prompts of this home, or of a stack on AWS with the user's own credentials. */
export const withPrompts = async <T>(
  stack: string | undefined,
  work: (place: PromptsPlace) => Promise<T>,
): Promise<T> => {
  const settings = loadSettings();
  const agents = readdirSync(settings.promptsDir)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .toSorted();
  if (stack === undefined) {
    mkdirSync(settings.home, { recursive: true, mode: 0o700 });
    const variables = Object.keys(settings.promptVariables);
    const { store } = localPrompts(settings);
    return work({ store, agents, settings: new Map(variables.map((name) => [agentOf(name), name])) });
  }
  const { findStackOutput, stackOutput } = await import('../../src/adapters/aws/stack-output.ts');
  const { openPrompts } = await import('../../src/adapters/aws/open-prompts.ts');
  const named = await findStackOutput(stack, 'Prompts');
  const hashes = named === undefined ? {} : promptHashes.parse(named);
  return work({
    store: openPrompts(await stackOutput(stack, 'BucketName')),
    agents,
    settings: new Map(Object.keys(hashes).map((agent) => [agent, 'the context of the stack (prompts)'])),
  });
};
