import { lookUp } from '../../../contracts/look-up.ts';
import { createHash, randomUUID } from 'node:crypto';

/** The most items that `$range` and `$partition` give, as Step Functions caps them. */
const MOST_ITEMS = 1_000;

const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const partition = (array: readonly unknown[], size: number): unknown[][] => {
  if (!Number.isInteger(size) || size < 1)
    throw new TypeError('$partition needs a chunk size that is a positive integer');
  return Array.from({ length: Math.ceil(array.length / size) }, (_, index) =>
    array.slice(index * size, (index + 1) * size),
  );
};

const range = (start: number, end: number, step: number): number[] => {
  if (step === 0) throw new RangeError('$range needs a step other than 0');
  const length = Math.max(0, Math.floor((end - start) / step) + 1);
  if (length > MOST_ITEMS) throw new RangeError(`$range gives at most ${MOST_ITEMS} items, these would be ${length}`);
  return Array.from({ length }, (_, index) => start + index * step);
};

const hash = (content: string, algorithm: string): string => {
  const name = lookUp(algorithms, algorithm);
  if (name === undefined) throw new TypeError(`$hash knows ${Object.keys(algorithms).join(', ')}, not ${algorithm}`);
  return createHash(name).update(content).digest('hex');
};

/** A number in [0, 1): of the seed if there is one (mulberry32), else unguessable. */
const random = (seed?: number): number => {
  if (seed === undefined) return Math.random();
  let mixed = (Math.trunc(seed) + 0x6d2b79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

const noEval = (): never => {
  throw new TypeError('$eval does not exist in Step Functions; read JSON with $parse');
};

/** What Step Functions adds to JSONata, and the `$eval` that it takes away: name, implementation, JSONata signature. */
export const jsonataFunctions = [
  ['partition', partition, '<an:a<a>>'],
  ['range', range, '<nnn:a<n>>'],
  ['hash', hash, '<ss:s>'],
  ['random', random, '<n?:n>'],
  ['uuid', (): string => randomUUID(), '<:s>'],
  ['parse', (text: string): unknown => JSON.parse(text), '<s:x>'],
  ['eval', noEval, undefined],
] as const;
