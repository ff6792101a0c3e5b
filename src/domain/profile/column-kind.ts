import type { ColumnKind } from '../../contracts/profile.ts';

const numbers = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\([^)]*\)|FLOAT|DOUBLE|BIGNUM|VARINT)$/;
const times = /^(DATE|TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE)$/;
const texts = /^(VARCHAR|ENUM\(.*\))$/s;
/** Compared and counted like any value, but neither text nor number. */
const others = /^(UUID|TIME|TIME WITH TIME ZONE|INTERVAL|BIT|TIME_NS)$/;
const wide = /^(U?HUGEINT|DECIMAL\([^)]*\)|BIGNUM|VARINT)$/;

/** What a DuckDB type holds, as far as statistics are concerned. A type that was never heard of is `other`. */
export const columnKind = (type: string): ColumnKind => {
  if (type === 'BOOLEAN') return 'boolean';
  if (numbers.test(type)) return 'number';
  if (times.test(type)) return 'time';
  return texts.test(type) ? 'text' : 'other';
};

/** Whether a type has NaN and infinities. */
export const isFloating = (type: string): boolean => type === 'FLOAT' || type === 'DOUBLE';

/** Whether a type has values without an end: NaN and infinities of numbers, `infinity` of dates. */
export const hasInfinity = (type: string): boolean => isFloating(type) || times.test(type);

/** Whether sums of the type can overflow the widest integer there is. */
export const isWide = (type: string): boolean => wide.test(type);

/** Whether values of the type can be told apart and counted: not so lists, structs, blobs, JSON and unknown types. */
export const isCountable = (type: string): boolean => columnKind(type) !== 'other' || others.test(type);

/** Whether a type is one of quantities and moments, which are measured, rather than of keys and categories. */
export const isMeasure = (type: string): boolean =>
  type === 'BOOLEAN' || isFloating(type) || type.startsWith('DECIMAL') || type.startsWith('TIMESTAMP');
