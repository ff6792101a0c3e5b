import type { WideSql } from '../wide-sql.ts';
import { numberKind } from './column-kind.ts';
import { numericValue } from './column-sql.ts';
import { sourceOf } from './statements.ts';

/** PostgreSQL’s numeric has room for every difference. */
export const postgresWideSql: WideSql = {
  isExact: (column) => numberKind(column) !== 'float',
  value: numericValue,
  // What is too small for a double fails the cast.
  above: (_, value, least) => `CASE WHEN ${value} - ${least} < 1e-300 THEN 0 ELSE (${value} - ${least})::float8 END`,
  asText: (number) => `(${number})::text`,
  lesser: 'least',
  greater: 'greatest',
  deviation: (value) => `stddev_samp(${value})`,
  kept: 'AS MATERIALIZED',
  sourceOf,
};
