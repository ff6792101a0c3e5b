import { quoteName, quoteTable, quoteText } from '../../sql-name.ts';
import type { CheckedColumn, CheckSql } from '../check-sql.ts';
import { hasShape } from '../has-shape.ts';
import { isBuiltIn, isCitext } from './column-kind.ts';
import { foldCase } from './column-sql.ts';
import { shapeConditions } from './shape-conditions.ts';

/** What a column is made of: the base of a domain, else its type. */
const baseOf = ({ type, base_type }: CheckedColumn): string => base_type ?? type;

/** Money is no number until it is cast to one. */
const comparable = (column: CheckedColumn): string =>
  /^money/i.test(baseOf(column)) ? `cast(${quoteName(column.name)} as numeric)` : quoteName(column.name);

/** A numeric that is too large or too small for a double fails the cast, so it is cut at 10^±300 first. */
const asNumber = (column: CheckedColumn): string => {
  const value = comparable(column);
  return /^(numeric|decimal)/i.test(baseOf(column))
    ? `case when abs(${value}) < 1e300 then cast(round(${value}, 300) as double precision) end`
    : `cast(${value} as double precision)`;
};

/** An infinite time has no place among seconds: the difference of two of them fails. */
const asSeconds = ({ name }: CheckedColumn): string =>
  `case when isfinite(${quoteName(name)}) then cast(extract(epoch from ${quoteName(name)}) as double precision) end`;

/** A type of the database's own may have a cast to text that calls any function. */
const asText = (column: CheckedColumn): string => {
  const name = quoteName(column.name);
  return isBuiltIn(column)
    ? `cast(${name} as text)`
    : `case when ${name} is distinct from null then format('%s', ${name}) end`;
};

/** Texts by their characters; types without an order or an equality (json, point, xml, unheard-of ones) as text. */
const exactly = (column: CheckedColumn): string => {
  switch (column.kind) {
    case 'text':
    case 'other':
      return `${asText(column)} collate "C"`;
    case 'number':
    case 'boolean':
    case 'time':
      return quoteName(column.name);
  }
};

const textOf = (column: CheckedColumn) => {
  const text = asText(column);
  return { text: `(${text})`, last: `right(${text}, 1)` };
};

/** PostgreSQL 12 and later. */
export const postgresCheckSql: CheckSql = {
  name: quoteName,
  table: quoteTable,
  text: quoteText,
  asText,
  comparable,
  asNumber,
  asSeconds,
  now: 'cast(extract(epoch from current_timestamp) as double precision)',
  exactly,
  // A number as it is, so that no digit of a bigint is lost. Two of citext find each other in any case; one and a text do not.
  asKey: (column, other) =>
    isCitext(column) && other !== undefined && isCitext(other) ? foldCase(asText(column)) : exactly(column),
  matches: (value, pattern) => `${value} ~ ${quoteText(pattern)}`,
  hasShape: (column, shape) => hasShape(shapeConditions(textOf(column)), shape),
  isNotFinite: (column) => `${asText(column)} in ('NaN', 'Infinity', '-Infinity')`,
  quartiles: (value, from) =>
    `select ${[0.25, 0.5, 0.75].map((share, index) => `percentile_cont(${share}) within group (order by ${value}) as q${index + 1}`).join(', ')} from ${from}`,
};
