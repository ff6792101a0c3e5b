import { createHash } from 'node:crypto';
import type { Place } from '../../contracts/finding.ts';

/** Characters of a key at most; a longer one ends with a hash of all of it. */
export const maxKeyLength = 240;

const hashLength = 32;

/**
 * What a finding is called in every run: `missing-values/main/orders/note`, columns divided by commas, the part behind a
 * `#`. Characters that divide, and those that do not belong in a word, are written as `%` and their bytes, so that no two
 * places share a key.
 */
export const findingKey = (rule: string, { source, table, columns, part }: Place): string => {
  const key = [rule, source, table]
    .map(escaped)
    .concat(columns.map((name) => (name === '' ? '%' : escaped(name))).join(','))
    .join('/')
    .concat(part === undefined ? '' : `#${escaped(part)}`);
  if (key.length <= maxKeyLength) return key;
  const hash = createHash('sha256').update(key).digest('hex').slice(0, hashLength);
  return `${whole(key.slice(0, maxKeyLength - hashLength - 1))}~${hash}`;
};

/** A cut in the middle of a character leaves half of it. */
const whole = (text: string): string => text.replace(/[\uD800-\uDBFF]$/u, '');

/** `~` is for hashes; half of a character, which no text can be sent with, becomes `%u` and its code. */
const escaped = (text: string): string =>
  text.replace(/[%/,#~\s\p{C}"'`\\<>]/gu, (character) =>
    character.isWellFormed()
      ? Array.from(new TextEncoder().encode(character), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
      : `%u${character.charCodeAt(0).toString(16)}`,
  );
