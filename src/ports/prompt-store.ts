import type { PromptChoice, StoredPrompt } from '../contracts/stored-prompt.ts';

/**
 * Prompts by their hash, and which of them agents are told. They are the deployment's, not a tenant's. What is
 * kept under a hash stays as it is.
 */
export type PromptStore = {
  /** Keeps a prompt under a hash, where there is none. */
  keep(hash: string, prompt: StoredPrompt): Promise<void>;
  /** The same in the place of what is there: mends what was broken. */
  replace(hash: string, prompt: StoredPrompt): Promise<void>;
  /** What is kept under a hash; undefined where there is nothing. Fails with SETTING_INVALID on what is no such prompt. */
  read(hash: string): Promise<StoredPrompt | undefined>;
  /** Which prompt was chosen for an agent. Fails with SETTING_INVALID where that cannot be read. */
  choice(agent: string): Promise<PromptChoice | undefined>;
  /** All choices, by the agents' names. */
  choices(): Promise<readonly PromptChoice[]>;
  choose(choice: PromptChoice): Promise<void>;
  /** Forgets the choice; says whether there was one. */
  reset(agent: string): Promise<boolean>;
};
