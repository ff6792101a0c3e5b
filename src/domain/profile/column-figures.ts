import type { ColumnSchema } from '../../contracts/schema.ts';
import { quoteName } from '../sql-name.ts';
import { columnKind, isCountable, isFloating } from './column-kind.ts';
import { shapeConditions } from './text-shape-conditions.ts';

/** A figure of a column: its name in the result, and the aggregate that computes it. */
export type Figure = { readonly name: string; readonly sql: string };

/** Beyond this the square of a value overflows a double, and DuckDB fails the whole statement instead of saying NaN. */
const greatestSquarable = '1e150';

/**
 * What one pass over all rows measures of a column: cheap aggregates without memory. `exact` counts distinct values one
 * by one, which a hash table of them makes dear on large tables; an estimate (HyperLogLog, about 2 % off) is taken there.
 */
export const passFigures = (
  column: ColumnSchema,
  options: { readonly exact: boolean; readonly now: number },
): readonly Figure[] => {
  const c = quoteName(column.name);
  const figures: Figure[] = [{ name: 'values', sql: `count(${c})` }];
  if (!isCountable(column.type)) return figures;
  figures.push({ name: 'distinct', sql: options.exact ? `count(DISTINCT ${c})` : `approx_count_distinct(${c})` });
  switch (columnKind(column.type)) {
    case 'number': {
      const finite = isFloating(column.type) ? ` FILTER (WHERE isfinite(${c}))` : '';
      const squarable = isFloating(column.type)
        ? ` FILTER (WHERE isfinite(${c}) AND abs(${c}) < ${greatestSquarable})`
        : '';
      figures.push(
        { name: 'min', sql: `min(${c})${finite}` },
        { name: 'max', sql: `max(${c})${finite}` },
        { name: 'mean', sql: `avg(${c})${squarable}` },
        { name: 'deviation', sql: `stddev_samp(${c})${squarable}` },
        { name: 'zero', sql: `count_if(${c} = 0)` },
        { name: 'negative', sql: `count_if(${c} < 0)` },
      );
      if (isFloating(column.type)) figures.push({ name: 'not_finite', sql: `count_if(NOT isfinite(${c}))` });
      return figures;
    }
    case 'time': {
      const finite = ` FILTER (WHERE isfinite(${c}))`;
      figures.push(
        { name: 'min', sql: `CAST(min(${c})${finite} AS VARCHAR)` },
        { name: 'max', sql: `CAST(max(${c})${finite} AS VARCHAR)` },
        { name: 'newest_epoch', sql: `epoch(max(${c})${finite})` },
        {
          name: 'in_future',
          sql: `count_if(isfinite(${c}) AND ${c} > to_timestamp(${options.now}) AT TIME ZONE 'UTC')`,
        },
      );
      return figures;
    }
    case 'text': {
      const text = `CAST(${c} AS VARCHAR)`;
      figures.push(
        { name: 'min', sql: `min(left(${text}, 200))` },
        { name: 'max', sql: `max(left(${text}, 200))` },
        { name: 'length_min', sql: `min(length(${text}))` },
        { name: 'length_max', sql: `max(length(${text}))` },
        { name: 'length_mean', sql: `avg(length(${text}))` },
      );
      return figures;
    }
    case 'boolean':
    case 'other':
      return figures;
  }
};

/** The shares of the values below which a quantile lies, by its name. */
export const quantilePoints = { p01: 0.01, p05: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95, p99: 0.99 } as const;

/** What needs the values in order or a pattern matched against each: from all rows of a small table, from a sample of a large one. */
export const orderFigures = (column: ColumnSchema): readonly Figure[] => {
  const c = quoteName(column.name);
  const points = `[${Object.values(quantilePoints).join(', ')}]`;
  switch (columnKind(column.type)) {
    case 'number': {
      const finite = isFloating(column.type) ? ` FILTER (WHERE isfinite(${c}))` : '';
      return Object.keys(quantilePoints).map((name, index) => ({
        name,
        sql: `(quantile_cont(CAST(${c} AS DOUBLE), ${points})${finite})[${index + 1}]`,
      }));
    }
    case 'time':
      return Object.keys(quantilePoints).map((name, index) => ({
        name,
        sql: `CAST((quantile_disc(${c}, ${points}) FILTER (WHERE isfinite(${c})))[${index + 1}] AS VARCHAR)`,
      }));
    case 'text':
      return [
        { name: 'shape_values', sql: `count(${c})` },
        ...shapeConditions.map(({ shape, condition }) => ({
          name: `shape_${shape}`,
          sql: `count_if(${condition(`CAST(${c} AS VARCHAR)`)})`,
        })),
      ];
    case 'boolean':
    case 'other':
      return [];
  }
};
