import type { Prompt } from '../contracts/agent.ts';

/** The prompts as they are in force, overrides applied. Fails with SETTING_INVALID on one that its schema refuses. */
export type Prompts = {
  /** The prompt and the SHA-256 of its text. Fails with NOT_FOUND. */
  get(agent: string): Promise<{ readonly prompt: Prompt; readonly hash: string }>;
};
