import type { DigestColumn } from '../profile-digest.ts';
import type { CheckSql } from '../engines/check-sql.ts';

/** A number in SQL, never in a notation that a dialect could read otherwise. */
export const number = (value: number): string => (Number.isFinite(value) ? String(value) : 'null');

/** How many rows a condition holds for: FILTER is not known to all. */
export const countIf = (condition: string): string => `count(case when ${condition} then 1 end)`;

/** Whether a column holds a plain number that can be compared: neither NaN nor infinite. */
export const isOrdinary = (sql: CheckSql, column: DigestColumn): string => `abs(${sql.asNumber(column)}) < 1e300`;

/** The median of a value over rows that are numbered by it from 1 to `count`: the middle one, or the mean of the middle two. */
export const median = (value: string, rank: string, count: string): string =>
  `avg(case when abs(2.0 * ${rank} - ${count} - 1) <= 1 then ${value} end)`;

/** Seconds since 1970, rounded down to the beginning of their day. */
export const startOfDay = (seconds: string): string => `86400 * floor(${seconds} / 86400)`;

/** Seconds since 1970 as a person reads a time, to the minute. */
export const showMoment = (seconds: number): string => {
  const time = new Date(seconds * 1_000);
  return Number.isNaN(time.getTime())
    ? `${Math.round(seconds)} s after 1970`
    : time.toISOString().slice(0, 16).replace('T', ' ');
};
