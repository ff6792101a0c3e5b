import { lookUp } from '../../../contracts/look-up.ts';
import type { ColumnKind } from '../../../contracts/profile.ts';
import type { ColumnSchema } from '../../../contracts/schema.ts';

/** How many of a column's values are stored as what, and how many of them are what its type says: times, or 0 and 1. */
export type StoredValues = Readonly<Record<'integer' | 'real' | 'text' | 'blob' | 'fitting', number>>;

type Declared = Pick<ColumnSchema, 'type' | 'base_type'>;

/** Whether the type says that values are days alone. */
export const isDay = ({ type }: Declared): boolean => /^date$/i.test(type);

/** Whether the type says that values are times. SQLite has none: they are texts, seconds since 1970 or Julian days. */
export const isTime = ({ type }: Declared): boolean => /^(date|datetime|timestamp)\b/i.test(type);

/** Whether the type says that values are 0 and 1. */
export const isBoolean = ({ type }: Declared): boolean => /^bool/i.test(type);

/** Whether the type says that values are whole numbers, so that ranges of a key can be taken. */
export const isWhole = ({ type }: Declared): boolean => /int/i.test(type);

/** What a declared type makes of the values put into it, by SQLite's rules of affinity. */
const declaredKind = (column: Declared): ColumnKind => {
  if (isTime(column)) return 'time';
  if (isBoolean(column)) return 'boolean';
  if (isWhole(column)) return 'number';
  const { type } = column;
  if (/char|clob|text/i.test(type)) return 'text';
  return type === '' || /blob/i.test(type) ? 'other' : 'number';
};

const storedKinds: Readonly<Record<string, ColumnKind>> = {
  integer: 'number',
  real: 'number',
  text: 'text',
  blob: 'other',
};

/** What a column holds: as what its values are stored where that is known and another thing, else as its type says. */
export const columnKind = (column: Declared): ColumnKind =>
  lookUp(storedKinds, column.base_type ?? '') ?? declaredKind(column);

/** Whether values can be told apart and counted: all but bytes. */
export const isCountable = (column: Declared): boolean => columnKind(column) !== 'other';

/** A column with what most of its values are stored as, where its declared type does not say it: SQLite keeps to no type. */
export const asStored = (column: ColumnSchema, stored: StoredValues): ColumnSchema => {
  const { integer, real, text, blob, fitting } = stored;
  const values = integer + real + text + blob;
  if (values === 0 || ((isTime(column) || isBoolean(column)) && 2 * fitting >= values)) return column;
  const numbers = integer + real;
  const most = Math.max(numbers, text, blob);
  const base_type = most === numbers ? (real > 0 ? 'real' : 'integer') : most === text ? 'text' : 'blob';
  return lookUp(storedKinds, base_type) === declaredKind(column) ? column : { ...column, base_type };
};
