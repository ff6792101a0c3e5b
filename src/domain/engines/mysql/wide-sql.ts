import type { WideSql } from '../wide-sql.ts';
import { isExact, isWhole } from './column-kind.ts';
import { mysqlNames } from './names.ts';
import { alike } from './places.ts';
import { sourceOf } from './statements.ts';

/** DECIMAL has 65 digits. A value of an unsigned type is read as one, for a difference below zero fails. */
const roomOfDecimal = 10n ** 64n;

/** MySQL and MariaDB. */
export const mysqlWideSql: WideSql = {
  isExact,
  value: (column) => {
    const name = mysqlNames.quoteName(column.name);
    return isWhole(column) ? `CAST(${name} AS DECIMAL(65, 0))` : name;
  },
  above: (_, value, least, spread) =>
    spread < roomOfDecimal ? `(${value} - ${least}) + 0e0` : `(${value} + 0e0) - (${least} + 0e0)`,
  asText: alike,
  lesser: 'least',
  greater: 'greatest',
  deviation: (value) => `STDDEV_SAMP(${value})`,
  kept: 'AS',
  sourceOf,
};
