import { createHash } from 'node:crypto';

/** How a store knows an API key: nobody can make the key of it again. */
export const apiKeyHash = (key: string): string => createHash('sha256').update(key).digest('hex');

/** So much of a hash tells API keys apart, and opens nothing. */
export const apiKeyId = (hash: string): string => hash.slice(0, 12);
