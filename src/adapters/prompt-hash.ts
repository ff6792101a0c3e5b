import { createHash } from 'node:crypto';

/** The name of a prompt: the SHA-256 of its text, in hexadecimal. */
export const promptHash = (text: string): string => createHash('sha256').update(text).digest('hex');
