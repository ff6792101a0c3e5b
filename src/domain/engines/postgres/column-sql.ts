import type { ColumnSchema } from '../../../contracts/schema.ts';
import { quoteName } from '../../sql-name.ts';
import { greatestSquarable } from '../../figures/figure-limits.ts';
import type { Numbered } from '../../figures/in-parts.ts';
import {
  columnKind,
  hasTimeZone,
  isBuiltIn,
  isCitext,
  isCountable,
  isDay,
  isMoney,
  numberKind,
} from './column-kind.ts';

/** Beyond this a fence, seven times as far out, could overflow a double, and PostgreSQL fails the whole statement. */
const greatestMeasured = 1e307;

/** What the statements read of a column, as `c{index}`: its name stands in a statement once, for it may be long. */
export const readColumn = ({ column, index }: Numbered): string => `${readValue(column)} AS c${index}`;

const readValue = (column: ColumnSchema): string => {
  const name = quoteName(column.name);
  // IS NOT NULL would be false of a row that has a NULL in it.
  if (!isCountable(column)) return `CASE WHEN ${name} IS DISTINCT FROM NULL THEN true END`;
  if (isMoney(column)) return `${name}::numeric`;
  // By their characters, whatever order a collation or an enumeration gives them.
  return columnKind(column) === 'text' ? `${asText(column)} COLLATE "C"` : name;
};

/** A value as the server writes it. A type of the database's own may have a cast to text that calls any function. */
export const asText = (column: Pick<ColumnSchema, 'name' | 'type' | 'base_type'>): string => {
  const name = quoteName(column.name);
  return isBuiltIn(column) ? `${name}::text` : `CASE WHEN ${name} IS DISTINCT FROM NULL THEN format('%s', ${name}) END`;
};

/** A text as citext compares it: in small letters of the database's own collation. */
export const foldCase = (text: string): string => `lower(${text} COLLATE "default") COLLATE "C"`;

/** What two values are told apart by. */
export const identity = (column: Pick<ColumnSchema, 'type' | 'base_type'>, value: string): string =>
  isCitext(column) ? foldCase(value) : value;

/** A value without NaN and infinities. */
export const finite = (column: ColumnSchema, value: string): string => {
  const kind = columnKind(column);
  if (kind === 'time') return `CASE WHEN isfinite(${value}) THEN ${value} END`;
  if (kind !== 'number') return value;
  switch (numberKind(column)) {
    case 'whole':
      return value;
    case 'float':
      // NaN is greater than infinity here.
      return `CASE WHEN abs(${value}) < 'Infinity' THEN ${value} END`;
    case 'bounded_decimal':
      return `nullif(${value}, 'NaN')`;
    case 'decimal':
      // NaN and infinities of a numeric, the latter since version 14, differ from themselves by NaN.
      return `CASE WHEN ${value} - ${value} = 0 THEN ${value} END`;
  }
};

/** A number as a double, without those that are none or lie beyond `most`. */
const asDouble = (column: ColumnSchema, value: string, most: number): string => {
  switch (numberKind(column)) {
    case 'whole':
      return `${value}::float8`;
    case 'float':
      return `CASE WHEN abs(${value}) < ${most} THEN ${value}::float8 END`;
    case 'bounded_decimal':
      return `nullif(${value}, 'NaN')::float8`;
    case 'decimal':
      // A numeric may have 16,383 digits behind the point, and what is too small for a double fails the cast.
      return `CASE WHEN abs(${value}) < ${most} THEN CASE WHEN abs(${value}) < 1e-300 THEN 0 ELSE ${value}::float8 END END`;
  }
};

/** A number that mean and deviation can take. */
export const squarable = (column: ColumnSchema, value: string): string => asDouble(column, value, greatestSquarable);

/** A number as a numeric, to its last digit; NULL of NaN, infinities and what a double has no room for. */
export const numericValue = (column: ColumnSchema): string => {
  const value = `${quoteName(column.name)}::numeric`;
  return numberKind(column) === 'whole' ? value : `CASE WHEN abs(${value}) < ${greatestMeasured} THEN ${value} END`;
};

/** Seconds since 1970 of a finite time. Days are counted by hand: they reach 5.8 million years, and timestamps 294,276. */
export const epoch = (column: ColumnSchema, value: string): string =>
  isDay(column) ? `(${value} - DATE '1970-01-01') * 86400::float8` : `date_part('epoch', ${value})`;

/** A value as a double that can be divided into bars. */
export const asNumber = (column: ColumnSchema, value: string): string =>
  columnKind(column) === 'time'
    ? `CASE WHEN isfinite(${value}) THEN ${epoch(column, value)} END`
    : asDouble(column, value, greatestMeasured);

/** A moment as a literal of the column's own type. */
export const momentLiteral = (column: ColumnSchema, seconds: number): string => {
  const [date = '', time = ''] = new Date(seconds * 1000).toISOString().split('T');
  if (isDay(column)) return `DATE '${date}'`;
  const moment = `${date} ${time.slice(0, 8)}`;
  return hasTimeZone(column) ? `TIMESTAMPTZ '${moment}+00'` : `TIMESTAMP '${moment}'`;
};
