import type { ColumnSchema } from '../../../contracts/schema.ts';
import { greatestSquarable, shownCharacters } from '../../figures/figure-limits.ts';
import type { Numbered } from '../../figures/in-parts.ts';
import { quoteName } from '../../sql-name.ts';
import { columnKind, isDay } from './column-kind.ts';

/** Beyond this a fence, seven times as far out, could overflow a double. */
const greatestMeasured = '1e307';

/** Texts up to this length are compared whole; of longer ones both ends and the length, so that documents fill no memory. */
const comparedCharacters = 1_000;

/**
 * What the statements read of a column, as `c{index}`. With `+` before it a column has no affinity: a number is then no
 * text because the column is declared TEXT. Values are the same by their bytes, whatever the column's collation.
 */
export const readColumn = ({ column, index }: Numbered): string => `${plainValue(quoteName(column.name))} AS c${index}`;

/** A value as it is stored, without what its column's declared type and collation would make of it in a comparison. */
export const plainValue = (value: string): string => `+${value} COLLATE BINARY`;

/** A number between these bounds; NULL of what is stored as something else. Not by abs(), which fails on the least integer. */
const numberWithin = (value: string, most: string): string =>
  `CASE WHEN typeof(${value}) IN ('integer', 'real') AND ${value} > -${most} AND ${value} < ${most} THEN ${value} END`;

/** A value that is a finite number: 9e999 is how SQLite writes infinity. */
export const finite = (value: string): string => numberWithin(value, '9e999');

/** A number that mean and deviation can take. */
export const squarable = (value: string): string => numberWithin(value, String(greatestSquarable));

/**
 * Seconds since 1970 of a value in any of the ways in which SQLite keeps times: text as in ISO 8601; numbers that are Julian
 * days of the years 0 to 9999; seconds since 1970, or milliseconds where they would lie beyond the year 5138. A text must
 * begin as a day that there is: SQLite itself takes 2024-02-31, a plain number and `now` for times too.
 */
export const epoch = (value: string): string => {
  const day = `substr(${value}, 1, 10)`;
  return `CASE WHEN typeof(${value}) = 'text' THEN CASE WHEN date(${day}) = ${day} THEN unixepoch(${value}, 'subsec') END WHEN ${value} BETWEEN 1721059.5 AND 5373484.5 THEN (${value} - 2440587.5) * 86400.0 WHEN ${value} BETWEEN -1e11 AND 1e11 THEN ${value} * 1.0 WHEN ${value} BETWEEN -1e14 AND 1e14 THEN ${value} / 1000.0 END`;
};

/** A value as a number that can be divided into bars. */
export const asNumber = (column: ColumnSchema, value: string): string =>
  columnKind(column) === 'time' ? epoch(value) : `CAST(${numberWithin(value, greatestMeasured)} AS REAL)`;

/** Seconds since 1970 as SQLite writes times. */
export const shownTime = (column: ColumnSchema, seconds: string): string => {
  const moment = `CASE WHEN ${seconds} = floor(${seconds}) THEN datetime(${seconds}, 'unixepoch') ELSE datetime(${seconds}, 'unixepoch', 'subsec') END`;
  return isDay(column)
    ? `CASE WHEN ${seconds} % 86400 = 0 THEN date(${seconds}, 'unixepoch') ELSE ${moment} END`
    : moment;
};

/** A value as text, bytes in hexadecimal. */
export const asText = (value: string): string =>
  `CASE typeof(${value}) WHEN 'blob' THEN hex(substr(${value}, 1, 100)) ELSE CAST(${value} AS TEXT) END`;

/** What is equal where two values are the same. */
export const comparable = (column: ColumnSchema, value: string): string => {
  switch (columnKind(column)) {
    case 'text':
      return `CASE WHEN length(${value}) > ${2 * comparedCharacters} THEN substr(${value}, 1, ${comparedCharacters}) || substr(${value}, -${comparedCharacters}) || length(${value}) ELSE ${value} END`;
    case 'boolean':
      return `${value} <> 0`;
    case 'number':
    case 'time':
    case 'other':
      return value;
  }
};

/** One of the values that `comparable` tells apart, as a profile shows it; of a time, `seconds` are those since 1970. */
export const shown = (column: ColumnSchema, value: string, seconds: string): string => {
  const text = `substr(${asText(value)}, 1, ${shownCharacters})`;
  switch (columnKind(column)) {
    case 'boolean':
      return `CASE WHEN ${value} THEN 'true' ELSE 'false' END`;
    case 'time':
      return `CASE WHEN typeof(${value}) = 'text' OR ${seconds} IS NULL THEN ${text} ELSE ${shownTime(column, seconds)} END`;
    case 'number':
      // As a number: SQLite writes one as text with 17 digits.
      return `CASE WHEN typeof(${value}) IN ('integer', 'real') THEN ${value} ELSE ${text} END`;
    case 'text':
    case 'other':
      return text;
  }
};
