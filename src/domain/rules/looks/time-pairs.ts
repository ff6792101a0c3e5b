import { formatCountOf } from '../../format.ts';
import type { CheckSql } from '../../engines/check-sql.ts';
import { startOfDay } from '../../engines/sql-parts.ts';
import { isDay, isTime } from '../column-roles.ts';
import type { Threshold } from '../rule-card.ts';
import type { RuleColumn, RuleTable } from '../rule-table.ts';
import { names, plannedTimes } from '../words.ts';

/** Two times of a row, the usually earlier one first. */
export type TimePair = { readonly a: RuleColumn; readonly b: RuleColumn };

/** How many times are compared. */
export const pairThresholds = {
  maxTimes: { value: 8, unit: 'times a table', why: 'They make 28 pairs; the first ones are what a row is about.' },
} as const satisfies Readonly<Record<string, Threshold>>;

/** Times at which something happened, rather than was planned to. */
const eventTimes = (table: RuleTable): readonly RuleColumn[] =>
  table.columns.filter((column) => isTime(column) && !names(column, ...plannedTimes) && column.nulls.share < 1);

/** Every two times of a row at which something happened. */
export const timePairs = (table: RuleTable): readonly TimePair[] => {
  const times = eventTimes(table).slice(0, pairThresholds.maxTimes.value);
  return times.flatMap((x, index) =>
    times.slice(index + 1).map((y) => (isUsuallyEarlier(y, x) ? { a: y, b: x } : { a: x, b: y })),
  );
};

/** The times beyond so many, in a sentence. */
export const timesLeftOut = (table: RuleTable): string | undefined => {
  const rest = eventTimes(table).slice(pairThresholds.maxTimes.value);
  if (rest.length === 0) return undefined;
  const named = rest
    .slice(0, 10)
    .map(({ name }) => name)
    .join(', ');
  return `${formatCountOf(rest.length, 'time')} of ${table.table} ${rest.length === 1 ? 'was' : 'were'} not compared with the others: ${named}${rest.length > 10 ? ' …' : ''}.`;
};

/**
 * Whether most of the quantiles lie earlier. One alone will not do: two times of a row are often minutes apart, and a
 * handful of wrong years in one column moves its median by more than that.
 */
const isUsuallyEarlier = (x: RuleColumn, y: RuleColumn): boolean => {
  const order = (['p01', 'p25', 'p50', 'p75'] as const).map((point) =>
    Math.sign(String(x.quantiles?.[point] ?? '').localeCompare(String(y.quantiles?.[point] ?? ''))),
  );
  return order.reduce((sum, sign) => sum + sign, 0) < 0;
};

/** Seconds between the two times of a row. */
export const delayOf = (sql: CheckSql, { a, b }: TimePair): string => {
  // What happened on the day of a time did not happen before it, although its day began before.
  const round = isDay(a) === isDay(b) ? (seconds: string) => seconds : startOfDay;
  return `${round(sql.asSeconds(b))} - ${round(sql.asSeconds(a))}`;
};
