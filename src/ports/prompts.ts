import type { Prompt } from '../contracts/agent.ts';

/** A prompt and the SHA-256 of its text. */
export type FoundPrompt = { readonly prompt: Prompt; readonly hash: string };

/**
 * What agents are told. One text is in force for an agent at a time: the one that a setting names, else the one that was
 * chosen, else the one that the agent comes with. A run names what was in force when it began, by hash, and keeps it.
 */
export type Prompts = {
  /**
   * The prompt in force for an agent, which from then on is found by its hash. Fails with NOT_FOUND where there is none, with
   * SETTING_INVALID where it is broken or gone: another one never takes its place.
   */
  inForce(agent: string): Promise<FoundPrompt>;
  /**
   * The prompt by the hash that a run has of it; without one, as in runs of older versions, the one in force. Fails with
   * SETTING_INVALID where it is broken or gone.
   */
  find(agent: string, hash: string | undefined): Promise<FoundPrompt>;
};
