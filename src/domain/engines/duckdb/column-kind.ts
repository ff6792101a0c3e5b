import type { ColumnKind } from '../../../contracts/profile.ts';

const numbers = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL(\(.*\))?|FLOAT|DOUBLE)$/;
const times = /^(DATE|TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE)$/;
const texts = /^(VARCHAR|ENUM\(.*\))$/s;
/** Compared and counted like any value, but neither text nor number; a BIGNUM may be greater than any double. */
const others = /^(UUID|TIME|TIME WITH TIME ZONE|TIME_NS|INTERVAL|BIT|BIGNUM)$/;

/** What a DuckDB type holds, as far as statistics are concerned. A type that was never heard of is `other`. */
export const columnKind = (type: string): ColumnKind => {
  if (type === 'BOOLEAN') return 'boolean';
  if (numbers.test(type)) return 'number';
  if (times.test(type)) return 'time';
  return texts.test(type) ? 'text' : 'other';
};

/** Whether a type has NaN and infinities. */
export const isFloating = (type: string): boolean => type === 'FLOAT' || type === 'DOUBLE';

/** Whether a sum of such values can overflow 128 bits. */
export const isWide = (type: string): boolean => /^(U?HUGEINT|DECIMAL\((19|[23]\d),.*\))$/.test(type);

/** Whether values of the type can be told apart and counted: not so lists, structs, blobs, JSON and unknown types. */
export const isCountable = (type: string): boolean => columnKind(type) !== 'other' || others.test(type);
