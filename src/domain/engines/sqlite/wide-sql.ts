import type { WideSql } from '../wide-sql.ts';
import { finite, plainValue } from './column-sql.ts';
import { columnKind } from './column-kind.ts';
import { quoteName } from '../../sql-name.ts';
import { sourceOf } from './statements.ts';

/** SQLite: whole numbers of 64 bits, of which a difference that is too great becomes a double by itself. */
export const sqliteWideSql: WideSql = {
  // Any column may hold whole numbers; what is stored as a double is as exact as a double.
  isExact: (column) => columnKind(column) === 'number',
  isWholeAlone: true,
  value: (column) => finite(plainValue(quoteName(column.name))),
  above: (_, value, least) => `CAST(${value} - ${least} AS REAL)`,
  // As numbers: SQLite writes a double as text with 15 digits.
  asText: (number) => number,
  lesser: 'min',
  greater: 'max',
  deviation: (value, mean) => `sqrt(sum((${value} - ${mean}) * (${value} - ${mean})) / (count(${value}) - 1))`,
  kept: 'AS MATERIALIZED',
  sourceOf,
};
