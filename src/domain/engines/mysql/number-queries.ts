import { histogramBins, quantilePoints } from '../../figures/figure-limits.ts';
import type { Numbered } from '../../figures/in-parts.ts';
import { columnKind, isDay } from './column-kind.ts';
import { asNumber } from './column-sql.ts';
import { alike, atPlace } from './places.ts';

const points = { least: 0, ...quantilePoints, greatest: 1 };

/**
 * The columns in the order of their kinds, and where each kind ends: so a row’s place `k` tells its column and its kind, by
 * one comparison. What only times need is left out where there are none: a statement’s text is judged before it runs, at
 * about 6 ms per 1,000 characters.
 */
type Ordered = {
  readonly columns: readonly Numbered[];
  readonly numbers: number;
  readonly days: number;
};

const inOrder = (columns: readonly Numbered[]): Ordered => {
  const numbers = columns.filter(({ column }) => columnKind(column) === 'number');
  const times = columns.filter(({ column }) => columnKind(column) === 'time');
  const days = times.filter(({ column }) => isDay(column));
  const moments = times.filter(({ column }) => !isDay(column));
  return { columns: [...numbers, ...days, ...moments], numbers: numbers.length, days: days.length };
};

/** One expression for columns of numbers, another one for times; each alone where there are no others. */
const byKind = ({ columns, numbers }: Ordered, ofNumber: string, ofTime: string): string => {
  if (numbers === columns.length) return ofNumber;
  return numbers === 0 ? ofTime : `IF(k <= ${numbers}, ${ofNumber}, ${ofTime})`;
};

/**
 * A quantile from the ranks 0 to `last`: between two values of numbers, one of the values themselves of times. Ranks far from
 * all points have been left out before, so the sums run over a few hundred rows of each column.
 */
const quantile = (ordered: Ordered, name: string, point: number): string =>
  `${byKind(
    ordered,
    `SUM(x * GREATEST(0, 1 - ABS(nth - ${point}e0 * last)))`,
    `MAX(IF(nth = GREATEST(CEIL(${point} * (last + 1)), 1) - 1, x, NULL))`,
  )} AS ${name}`;

/**
 * Quantiles, fences and bars of the columns of numbers and times, as queries of a WITH that has `source` and `place`.
 * The limit of `spreads`, a row for each column, lets them be computed once: MariaDB would compute them again for every
 * row that they are joined to, which took a quarter of the statement’s time.
 */
export const numberQueries = (columns: readonly Numbered[]): string => {
  const ordered = inOrder(columns);
  const values = ordered.columns.map(({ column, index }) => asNumber(column, `c${index}`));
  const kept = [...Object.keys(points), 'low', 'high', 'low_fence', 'high_fence'].join(', ');
  return `numbers AS (
  SELECT at AS k, ${atPlace('at', values)} + 0e0 AS x
  FROM source, place WHERE at <= ${columns.length}
),
ranked AS (
  SELECT k, x, ROW_NUMBER() OVER (PARTITION BY k ORDER BY x) - 1 AS nth, COUNT(*) OVER (PARTITION BY k) - 1 AS last
  FROM numbers WHERE x IS NOT NULL
),
quantiles AS (
  SELECT k,
    ${Object.entries(points)
      .map(([name, point]) => quantile(ordered, name, point))
      .join(',\n    ')}
  FROM ranked
  WHERE last = 0 OR nth * 100 % last < 100 OR nth * 100 % last > last - 100
  GROUP BY k, last
),
-- The bars divide the middle 98 % where the tails are long, else the whole range.
spreads AS (
  SELECT quantiles.*,
    IF(p01 < p99 AND greatest - least > 2 * (p99 - p01), p01, least) AS low,
    IF(p01 < p99 AND greatest - least > 2 * (p99 - p01), p99, greatest) AS high,
    ${byKind(ordered, 'IF(p25 < p75, p25 - 3 * (p75 - p25), NULL)', 'NULL')} AS low_fence,
    ${byKind(ordered, 'IF(p25 < p75, p75 + 3 * (p75 - p25), NULL)', 'NULL')} AS high_fence
  FROM quantiles
  LIMIT ${columns.length}
),
bars AS (
  SELECT numbers.k, ${kept},
    IF(high - low > 1e-290, LEAST(${histogramBins - 1}, FLOOR((GREATEST(low, LEAST(high, x)) - low) / ((high - low) / ${histogramBins}))), NULL) AS bar,
    COUNT(*) AS count, COUNT(x < low_fence OR NULL) AS below, COUNT(x > high_fence OR NULL) AS above
  FROM numbers JOIN spreads ON spreads.k = numbers.k
  WHERE x IS NOT NULL
  GROUP BY numbers.k, ${kept}, bar
),
counted AS (
  SELECT bars.*, ROW_NUMBER() OVER (PARTITION BY k ORDER BY bar) AS nth,
    SUM(below) OVER (PARTITION BY k) AS all_below, SUM(above) OVER (PARTITION BY k) AS all_above
  FROM bars
)`;
};

/** What is told of each column, by place. */
const told = [
  'bin',
  'low',
  'high',
  'low_fence',
  'high_fence',
  'least',
  'greatest',
  'below',
  'above',
  ...Object.keys(quantilePoints),
];
const quantilesFrom = told.indexOf('p01') + 1;

/** A time as text again, from the seconds since 1970 or the days that they make. */
const shown = ({ columns, numbers, days }: Ordered): string =>
  numbers === columns.length
    ? 'value'
    : `CASE
    WHEN at < ${quantilesFrom} OR k <= ${numbers} THEN value
    WHEN k <= ${numbers + days} THEN CAST(DATE '1970-01-01' + INTERVAL ROUND(value / 86400) DAY AS CHAR)
    WHEN value + 0e0 = FLOOR(value) THEN CAST(TIMESTAMP '1970-01-01 00:00:00' + INTERVAL CAST(value + 0e0 AS SIGNED) SECOND AS CHAR)
    ELSE CAST(TIMESTAMP '1970-01-01 00:00:00' + INTERVAL ROUND(value, 6) SECOND AS CHAR)
  END`;

/** What a bar tells of its column, the first bar tells for all. */
export const numberAnswer = (columns: readonly Numbered[]): string => {
  const ordered = inOrder(columns);
  const ids = ordered.columns.map(({ index }) => index);
  return `SELECT CONCAT('c', ${atPlace('k', ids)}, '_', name), ${alike(shown(ordered))}, count
FROM (
  SELECT k, at, count, ${atPlace(
    'at',
    told.map((name) => `'${name}'`),
  )} AS name,
    ${atPlace(
      'at',
      told.map((name) => ({ bin: 'bar', below: 'all_below', above: 'all_above' })[name] ?? name),
    )} AS value
  FROM counted, place WHERE at = 1 OR (nth = 1 AND at <= ${told.length})
) AS figures
WHERE value IS NOT NULL`;
};

/** How many places the answer needs. */
export const numberPlaces = told.length;
