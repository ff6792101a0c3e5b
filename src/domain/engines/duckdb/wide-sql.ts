import { quoteName } from '../../sql-name.ts';
import type { WideSql } from '../wide-sql.ts';
import { columnKind, isFloating } from './column-kind.ts';
import { sourceOf } from './statements.ts';

/** A difference of more digits overflows 128 bits, and fails the statement. */
const roomOf128Bits = 10n ** 36n;

/** The widest type in which values of a column can be subtracted: two of DECIMAL(18) would overflow 64 bits. */
const widest = (type: string): string => {
  const [, scale] = /^DECIMAL\(\d+,\s*(\d+)\)$/.exec(type) ?? [];
  if (scale !== undefined) return `DECIMAL(38, ${scale})`;
  return type === 'UHUGEINT' ? type : 'HUGEINT';
};

/** DuckDB: whole numbers in 128 bits. */
export const duckdbWideSql: WideSql = {
  isExact: ({ type }) => columnKind(type) === 'number' && !isFloating(type),
  value: ({ name, type }) => `CAST(${quoteName(name)} AS ${widest(type)})`,
  above: (_, value, least, spread) =>
    spread < roomOf128Bits
      ? `CAST(${value} - ${least} AS DOUBLE)`
      : `CAST(${value} AS DOUBLE) - CAST(${least} AS DOUBLE)`,
  asText: (number) => `CAST(${number} AS VARCHAR)`,
  lesser: 'least',
  greater: 'greatest',
  deviation: (value) => `stddev_samp(${value})`,
  kept: 'AS MATERIALIZED',
  sourceOf,
};
