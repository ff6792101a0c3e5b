import type { ColumnSchema } from '../../contracts/schema.ts';
import { quoteName } from '../sql-name.ts';
import { columnKind, hasInfinity, isCountable, isFloating, isMeasure, isWide } from './column-kind.ts';
import { shapeConditions } from './text-shape-conditions.ts';

/** A figure of a column: its name in the result, and the aggregate that computes it. */
export type Figure = { readonly name: string; readonly sql: string };

/** How distinct values are counted: one by one, estimated over all rows, or left to the sample. */
export type DistinctCount = 'exact' | 'estimate' | 'sample';

/**
 * How distinct values of a column are counted in the pass over all rows. Estimating them (HyperLogLog, about 2 % off) is
 * the dearest part of a large pass: as dear as its counts, extremes and moments together. So it is done where the answer
 * tells a key from a reference from a category, and not for measured quantities and moments.
 */
export const distinctCount = (type: string, isLarge: boolean): DistinctCount => {
  if (!isLarge) return 'exact';
  return isMeasure(type) ? 'sample' : 'estimate';
};

/** Characters that are kept of a text. */
const shownCharacters = 200;

/** Beyond this the square of a value overflows a double, and DuckDB fails the whole statement instead of saying NaN. */
const greatestSquarable = '1e150';

/** The value, or NULL for NaN and the infinities: they belong to no extreme and no quantile. A CASE costs half of a FILTER. */
const finite = (name: string, type: string): string =>
  hasInfinity(type) ? `CASE WHEN isfinite(${name}) THEN ${name} END` : name;

/** The value as its mean and deviation take it; sums of the widest integers and decimals overflow. */
const summable = (name: string, type: string): string => {
  if (isFloating(type)) return `CASE WHEN abs(${name}) < ${greatestSquarable} THEN ${name} END`;
  return isWide(type) ? `CAST(${name} AS DOUBLE)` : name;
};

/** What one pass over all rows measures of a column: cheap aggregates without memory. `now` is in seconds since 1970. */
export const passFigures = (
  column: ColumnSchema,
  options: { readonly distinct: DistinctCount; readonly now: number },
): readonly Figure[] => {
  const name = quoteName(column.name);
  const values: Figure = { name: 'values', sql: `count(${name})` };
  if (!isCountable(column.type)) return [values];
  return [values, ...distinctFigures(name, options.distinct), ...kindFigures(name, column.type, options.now)];
};

const distinctFigures = (name: string, how: DistinctCount): readonly Figure[] => {
  switch (how) {
    case 'exact':
      return [{ name: 'distinct', sql: `count(DISTINCT ${name})` }];
    case 'estimate':
      return [{ name: 'distinct', sql: `approx_count_distinct(${name})` }];
    case 'sample':
      return [];
  }
};

const kindFigures = (name: string, type: string, now: number): readonly Figure[] => {
  const value = finite(name, type);
  switch (columnKind(type)) {
    case 'number':
      return [
        { name: 'min', sql: `min(${value})` },
        { name: 'max', sql: `max(${value})` },
        { name: 'mean', sql: `avg(${summable(name, type)})` },
        { name: 'deviation', sql: `stddev_samp(${summable(name, type)})` },
        { name: 'zero', sql: `count_if(${name} = 0)` },
        { name: 'negative', sql: `count_if(${name} < 0)` },
        ...(isFloating(type) ? [{ name: 'not_finite', sql: `count_if(NOT isfinite(${name}))` }] : []),
      ];
    case 'time':
      return [
        { name: 'min', sql: `CAST(min(${value}) AS VARCHAR)` },
        { name: 'max', sql: `CAST(max(${value}) AS VARCHAR)` },
        { name: 'newest_epoch', sql: `epoch(max(${value}))` },
        { name: 'in_future', sql: `count_if(${value} > to_timestamp(${now}) AT TIME ZONE 'UTC')` },
      ];
    case 'text': {
      const text = asText(name, type);
      return [
        { name: 'min', sql: `left(min(${text}), ${shownCharacters})` },
        { name: 'max', sql: `left(max(${text}), ${shownCharacters})` },
        { name: 'length_min', sql: `min(length(${text}))` },
        { name: 'length_max', sql: `max(length(${text}))` },
        { name: 'length_mean', sql: `avg(length(${text}))` },
      ];
    }
    case 'boolean':
    case 'other':
      return [];
  }
};

const asText = (name: string, type: string): string => (type === 'VARCHAR' ? name : `CAST(${name} AS VARCHAR)`);

/** The shares of the values below which a quantile lies, by its name. */
export const quantilePoints = { p01: 0.01, p05: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95, p99: 0.99 } as const;

/**
 * What needs the values in order, a table of them, or a pattern matched against each: from all rows of a small table, from
 * a sample of a large one. A quantile is a value that is there, the least one at or above its share of the rows.
 */
export const sampleFigures = (
  column: ColumnSchema,
  options: { readonly distinct: DistinctCount },
): readonly Figure[] => {
  const name = quoteName(column.name);
  const points = `[${Object.values(quantilePoints).join(', ')}]`;
  const quantiles = Object.keys(quantilePoints).map((point, index) => ({
    name: point,
    sql: `CAST(quantile_disc(${finite(name, column.type)}, ${points})[${index + 1}] AS VARCHAR)`,
  }));
  const distinct =
    isCountable(column.type) && options.distinct === 'sample'
      ? [
          { name: 'sample_values', sql: `count(${name})` },
          { name: 'distinct', sql: `count(DISTINCT ${name})` },
        ]
      : [];
  switch (columnKind(column.type)) {
    case 'number':
    case 'time':
      return [...distinct, ...quantiles];
    case 'text':
      return [
        ...distinct,
        { name: 'shape_values', sql: `count(${name})` },
        ...shapeConditions.map(({ shape, condition }) => ({
          name: `shape_${shape}`,
          sql: `count_if(${condition(asText(name, column.type))})`,
        })),
      ];
    case 'boolean':
    case 'other':
      return distinct;
  }
};

/** The values of a column that occur most often, as rows of column, part, label and count. */
export const topStatement = (index: number, column: ColumnSchema, most: number): string => {
  const name = quoteName(column.name);
  const label = `left(CAST(value AS VARCHAR), ${shownCharacters})`;
  return `SELECT ${index} AS "column", 'top' AS part, ${label} AS label, n FROM (SELECT ${name} AS value, count(*) AS n FROM source WHERE ${name} IS NOT NULL GROUP BY value ORDER BY n DESC, value LIMIT ${most})`;
};
