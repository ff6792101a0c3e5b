import type { ColumnSchema } from '../../../contracts/schema.ts';
import { mysqlNames } from './names.ts';
import { greatestSquarable } from '../../figures/figure-limits.ts';
import type { Numbered } from '../../figures/in-parts.ts';
import { columnKind, isBits, isCountable, isDouble } from './column-kind.ts';

const { quoteName } = mysqlNames;

/** Beyond this a fence, seven times as far out, could overflow a double, which fails the whole statement. */
const greatestMeasured = 1e307;

/** Texts up to this length are compared whole; of longer ones the beginning and a hash, so that documents fill no memory. */
const comparedCharacters = 1_000;

/** The seconds that TO_SECONDS counts before 1970. */
const secondsBefore1970 = 62_167_219_200;

/** What the statements read of a column, as `c{index}`: its name stands in a statement once, for it may be long. */
export const readColumn = ({ column, index }: Numbered): string => `${readValue(column)} AS c${index}`;

const readValue = (column: ColumnSchema): string => {
  const name = quoteName(column.name);
  if (!isCountable(column)) return `CASE WHEN ${name} IS NOT NULL THEN 1 END`;
  if (isBits(column)) return `BIN(${name} + 0)`;
  switch (columnKind(column)) {
    case 'text':
      return `CONVERT(${name} USING utf8mb4)`;
    case 'other':
      return `CAST(${name} AS CHAR)`;
    case 'number':
    case 'time':
    case 'boolean':
      return name;
  }
};

/**
 * 128 bits of a hash, in letters. Not MD5(), which MySQL has no more from 9.6 on, and answers with NULL where it runs in FIPS mode.
 */
export const hashOf = (bytes: string): string => `LEFT(SHA2(${bytes}, 256), 32)`;

/** Texts by their bytes: in a collation, `a` and `A` are one value. */
export const comparable = (column: ColumnSchema, value: string): string =>
  columnKind(column) === 'text'
    ? `CAST(IF(CHAR_LENGTH(${value}) > ${comparedCharacters}, CONCAT(LEFT(${value}, ${comparedCharacters}), ${hashOf(value)}), ${value}) AS BINARY)`
    : value;

/** A time that is one: not 0000-00-00, nor a day or month of 0. */
export const finite = (column: ColumnSchema, value: string): string =>
  columnKind(column) === 'time' ? `IF(TO_DAYS(${value}) IS NULL, NULL, ${value})` : value;

/** A number that mean and deviation can take. */
export const squarable = (column: ColumnSchema, value: string): string =>
  isDouble(column) ? `IF(ABS(${value}) < ${greatestSquarable}, ${value}, NULL)` : `${value} + 0e0`;

/** A value as a number that can be divided into bars. */
export const asNumber = (column: ColumnSchema, value: string): string => {
  if (columnKind(column) === 'time') return `TO_SECONDS(${value}) - ${secondsBefore1970} + MICROSECOND(${value}) / 1e6`;
  return isDouble(column) ? `IF(ABS(${value}) < ${greatestMeasured}, ${value}, NULL)` : value;
};
