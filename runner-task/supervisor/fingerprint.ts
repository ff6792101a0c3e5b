import { createHash } from 'node:crypto';

const sortKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** JSON with sorted keys and no white space: equal values give equal text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, sortKeys);

/** SHA-256 of a text in lower-case hexadecimal. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
