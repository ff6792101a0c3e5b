import * as z from 'zod';
import { Prompt } from './agent.ts';
import { Name, Sha256, Timestamp } from './common.ts';

/** The most bytes of a prompt's text: the shipped ones have 7 KB, and all of it is sent with every turn. */
export const maxPromptBytes = 100_000;

/**
 * A prompt as it is stored: its text and what the text says, known by the hash of both. A parser of YAML would be a third of
 * a function of the API, so the text is parsed by who puts it there.
 */
export const StoredPrompt = z.strictObject({ text: z.string(), document: Prompt });
export type StoredPrompt = z.infer<typeof StoredPrompt>;

/** Which stored prompt an agent is told from now on, in the place of the one that it comes with. */
export const PromptChoice = z.strictObject({ agent: Name, hash: Sha256, chosen_at: Timestamp });
export type PromptChoice = z.infer<typeof PromptChoice>;
