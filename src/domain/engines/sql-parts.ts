/** A number in SQL, never in a notation that an engine could read otherwise. */
export const number = (value: number): string => (Number.isFinite(value) ? String(value) : 'null');

/** How many rows a condition holds for: FILTER is not known to all. */
export const countIf = (condition: string): string => `count(case when ${condition} then 1 end)`;

/** Queries, each with an order and a limit of its own, one below the other: not all engines take them in brackets. */
export const unionAll = (queries: readonly string[]): string =>
  queries.map((query, index) => `select * from (${query}) part${index + 1}`).join('\nunion all\n');

/** The median of a value over rows that are numbered by it from 1 to `count`: the middle one, or the mean of the middle two. */
export const median = (value: string, rank: string, count: string): string =>
  `avg(case when abs(2.0 * ${rank} - ${count} - 1) <= 1 then ${value} end)`;

/** Seconds since 1970, rounded down to the beginning of their day. */
export const startOfDay = (seconds: string): string => `86400 * floor(${seconds} / 86400)`;
