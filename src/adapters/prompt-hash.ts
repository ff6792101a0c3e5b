import { createHash } from 'node:crypto';
import type { StoredPrompt } from '../contracts/stored-prompt.ts';

/** A prompt as the object that it is stored as. */
export const promptObject = ({ text, document }: StoredPrompt): string => JSON.stringify({ text, document });

/** The SHA-256 of a stored prompt, in hexadecimal. */
export const objectHash = (object: string): string => createHash('sha256').update(object).digest('hex');

/**
 * The name of a prompt: the hash of the whole object. That of its text alone would hold, too, where what was read from the text,
 * which is what agents are told, is another.
 */
export const promptHash = (prompt: StoredPrompt): string => objectHash(promptObject(prompt));
