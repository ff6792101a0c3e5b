import type { ResultValue } from '../../../src/contracts/sandbox.ts';

/** What a value takes in JSON, near enough to bound a result. */
export const valueBytes = (value: ResultValue): number =>
  typeof value === 'string' ? Buffer.byteLength(value) + 3 : 8;
