import type { ColumnSchema } from '../../../contracts/schema.ts';
import { quoteText } from '../../sql-name.ts';
import { greatestSquarable, quantilePoints } from '../../figures/figure-limits.ts';
import { columnKind, isCountable, isFloating, isWide } from './column-kind.ts';
import { shapeConditions } from './shape-conditions.ts';

/** A figure of a column: its name in the result, and the SQL that computes it. */
export type Figure = { readonly name: string; readonly sql: string };

/** How a statement writes a column: its value, and the length of its text. */
export type ColumnSql = { readonly value: string; readonly length: string };

/**
 * A value without NaN and infinities. Not by a FILTER, which DuckDB applies to each aggregate anew: with it, minimum,
 * maximum, mean and deviation of 2M rows took twice as long as without. A CASE that is repeated it computes once.
 */
const finite = (column: ColumnSchema, value: string): string =>
  isFloating(column.type) || columnKind(column.type) === 'time'
    ? `CASE WHEN isfinite(${value}) THEN ${value} END`
    : value;

/**
 * Plain aggregates, which keep no values in memory. `exact` counts distinct values one by one, in a hash table that is
 * dear on large tables; otherwise HyperLogLog estimates them. DuckDB's is small: of 60 columns the middle one was 9 % off, one
 * in twenty more than 25 %.
 */
export const passFigures = (
  column: ColumnSchema,
  { value }: ColumnSql,
  options: { readonly exact: boolean; readonly now: number },
): readonly Figure[] => {
  const values = { name: 'values', sql: `count(${value})` };
  if (!isCountable(column.type)) return [values];
  const distinct = {
    name: 'distinct',
    sql: options.exact ? `count(DISTINCT ${value})` : `approx_count_distinct(${value})`,
  };
  const ordinary = finite(column, value);
  const range = [
    { name: 'min', sql: `min(${ordinary})` },
    { name: 'max', sql: `max(${ordinary})` },
  ];
  switch (columnKind(column.type)) {
    case 'number':
      return [
        values,
        distinct,
        ...range,
        { name: 'mean', sql: `avg(${squarable(column, value)})` },
        { name: 'deviation', sql: `stddev_samp(${squarable(column, value)})` },
        { name: 'zero', sql: `count_if(${value} = 0)` },
        { name: 'negative', sql: `count_if(${value} < 0)` },
        ...(isFloating(column.type) ? [{ name: 'not_finite', sql: `count_if(NOT isfinite(${value}))` }] : []),
      ];
    case 'time':
      return [
        values,
        distinct,
        ...range,
        { name: 'newest_epoch', sql: `epoch(max(${ordinary}))` },
        { name: 'in_future', sql: `count_if(${ordinary} > ${moment(column.type, options.now)})` },
        { name: 'undated', sql: `count(${value}) - count(${ordinary})` },
      ];
    case 'boolean':
      // Exact on tables of any size, at no cost.
      return [
        values,
        { name: 'distinct', sql: `CAST(bool_or(${value}) AS INTEGER) + CAST(bool_or(NOT ${value}) AS INTEGER)` },
      ];
    case 'other':
      return [values, distinct];
    case 'text':
      return [values];
  }
};

/** A value that mean and deviation can take: sums of 128 bits overflow, and so do squares of great doubles. */
const squarable = ({ type }: ColumnSchema, value: string): string => {
  if (isFloating(type)) return `CASE WHEN abs(${value}) < ${greatestSquarable} THEN ${value} END`;
  return isWide(type) ? `CAST(${value} AS DOUBLE)` : value;
};

/** A time in the column's own type: a date of year 300,000 compared with a timestamp would fail the statement. */
const moment = (type: string, seconds: number): string => {
  const [date = '', time = ''] = new Date(seconds * 1000).toISOString().split('T');
  const zone = type === 'TIMESTAMP WITH TIME ZONE' ? '+00' : '';
  return `CAST(${quoteText(type === 'DATE' ? date : `${date} ${time.slice(0, 8)}${zone}`)} AS ${type})`;
};

/** What every character of every text must be read for. */
export const textFigures = (column: ColumnSchema, { value, length }: ColumnSql): readonly Figure[] =>
  columnKind(column.type) === 'text'
    ? [
        { name: 'distinct', sql: `count(DISTINCT ${value})` },
        // By their characters, whatever order an ENUM gives its values.
        { name: 'min', sql: `left(min(CAST(${value} AS VARCHAR)), 200)` },
        { name: 'max', sql: `left(max(CAST(${value} AS VARCHAR)), 200)` },
        { name: 'length_min', sql: `min(${length})` },
        { name: 'length_max', sql: `max(${length})` },
        { name: 'length_mean', sql: `avg(${length})` },
      ]
    : [];

/** What needs the values in order, or a pattern matched against each. */
export const orderFigures = (column: ColumnSchema, { value }: ColumnSql): readonly Figure[] => {
  const ordinary = finite(column, value);
  const points = `[${Object.values(quantilePoints).join(', ')}]`;
  switch (columnKind(column.type)) {
    case 'number':
      return [
        { name: 'quantiles', sql: `quantile_cont(${asNumber(column, ordinary)}, ${points})` },
        ...ends(column, ordinary),
        lookedAt(value),
      ];
    case 'time':
      return [
        { name: 'quantiles', sql: `quantile_disc(${ordinary}, ${points})` },
        ...ends(column, ordinary),
        lookedAt(value),
      ];
    case 'text':
      return [
        { name: 'shape_values', sql: `count(${value})` },
        ...shapeConditions(value).map(({ shape, sql }) => ({ name: `shape_${shape}`, sql: `count_if(${sql})` })),
      ];
    case 'boolean':
    case 'other':
      return [];
  }
};

/** The values of the source, infinite ones among them. */
const lookedAt = (value: string): Figure => ({ name: 'looked_at', sql: `count(${value})` });

/** The least and the greatest of the numbers that a histogram divides. */
const ends = (column: ColumnSchema, ordinary: string): readonly Figure[] => [
  { name: 'least', sql: `min(${asNumber(column, ordinary)})` },
  { name: 'greatest', sql: `max(${asNumber(column, ordinary)})` },
];

/** A value as a number that can be divided into bars: seconds since 1970 for times, NULL for an infinite one. */
export const asNumber = (column: ColumnSchema, value: string): string =>
  columnKind(column.type) === 'time' ? `epoch(${value})` : `CAST(${value} AS DOUBLE)`;

/**
 * What follows from the order figures, written by `figure`: the single quantiles, where the equal bars of a histogram begin
 * and end, and the fences three interquartile ranges from the quartiles, beyond which a value is far out in Tukey’s words.
 * The bars divide the middle 98 % where the tails are long, else the whole range.
 */
export const spreadFigures = (column: ColumnSchema, figure: (name: string) => string): readonly Figure[] => {
  const kind = columnKind(column.type);
  if (kind !== 'number' && kind !== 'time') return [];
  const names = Object.keys(quantilePoints);
  const quantile = (name: keyof typeof quantilePoints): string => `${figure('quantiles')}[${names.indexOf(name) + 1}]`;
  const place = (of: string): string => (kind === 'time' ? `epoch(${of})` : of);
  const [p01, p99] = [place(quantile('p01')), place(quantile('p99'))];
  const [least, greatest] = [figure('least'), figure('greatest')];
  const hasTails = `${p01} < ${p99} AND ${greatest} - ${least} > 2 * (${p99} - ${p01})`;
  const spreads = [
    ...names.map((name, index) => ({ name, sql: `${figure('quantiles')}[${index + 1}]` })),
    { name: 'low', sql: `CASE WHEN ${hasTails} THEN ${p01} ELSE ${least} END` },
    { name: 'high', sql: `CASE WHEN ${hasTails} THEN ${p99} ELSE ${greatest} END` },
  ];
  if (kind === 'time') return spreads;
  const [p25, p75] = [quantile('p25'), quantile('p75')];
  return [
    ...spreads,
    { name: 'low_fence', sql: `CASE WHEN ${p25} < ${p75} THEN ${p25} - 3 * (${p75} - ${p25}) END` },
    { name: 'high_fence', sql: `CASE WHEN ${p25} < ${p75} THEN ${p75} + 3 * (${p75} - ${p25}) END` },
  ];
};

/** How many values lie beyond the fences. */
export const beyondFigures = (
  column: ColumnSchema,
  { value }: ColumnSql,
  figure: (name: string) => string,
): readonly Figure[] => {
  if (columnKind(column.type) !== 'number') return [];
  const x = asNumber(column, finite(column, value));
  return [
    { name: 'below', sql: `count_if(${x} < ${figure('low_fence')})` },
    { name: 'above', sql: `count_if(${x} > ${figure('high_fence')})` },
  ];
};
