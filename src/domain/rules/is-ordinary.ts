import type { CheckSql, CheckedColumn } from '../engines/check-sql.ts';

/** Whether a column holds a plain number that can be compared: neither NaN nor infinite. */
export const isOrdinary = (sql: CheckSql, column: CheckedColumn): string => `abs(${sql.asNumber(column)}) < 1e300`;
