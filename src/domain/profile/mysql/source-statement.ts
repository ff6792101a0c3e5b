import { histogramBins, quantilePoints, shownCharacters, topValues } from '../figure-limits.ts';
import type { Numbered } from '../in-parts.ts';
import { columnKind, isCountable, isDay } from './column-kind.ts';
import { asNumber, comparable, readColumn } from './column-sql.ts';
import { shapeConditions } from './shape-conditions.ts';

/**
 * What needs order, groups or patterns. Numbers and times become rows of column and number, texts rows of column and text,
 * so that quantiles, bars, fences, lengths and shapes are written once for all columns; MySQL has no percentiles. Values are
 * grouped column by column: together they overflow into a table on disk, and that took forty times as long.
 */
export const sourceStatement = (part: readonly Numbered[], rows: string): string => {
  const ofKind = (...kinds: readonly string[]) => part.filter(({ column }) => kinds.includes(columnKind(column)));
  const numbers = ofKind('number', 'time');
  const texts = ofKind('text');
  const countable = part.filter(({ column }) => isCountable(column));
  const queries = [
    `source AS (
  SELECT
    ${part.map(readColumn).join(',\n    ')}
  FROM ${rows}
)`,
    places(Math.max(part.length, told.length, textNames.length)),
    ...(numbers.length === 0 ? [] : [numberQueries(numbers)]),
    ...(texts.length === 0 ? [] : [textQueries(texts)]),
    ...(countable.length === 0 ? [] : [groupQueries(countable)]),
  ];
  const answers = [
    `SELECT 'source_rows' AS name, ${alike('COUNT(*)')} AS value, NULL AS count FROM source`,
    ...(numbers.length === 0 ? [] : [numberAnswer]),
    ...(texts.length === 0 ? [] : [textAnswer]),
    ...(countable.length === 0 ? [] : [groupAnswer(countable)]),
  ];
  return `WITH ${queries.join(',\n')}\n${answers.join('\nUNION ALL\n')}`;
};

/**
 * The numbers from 1, of decimal digits: WITH RECURSIVE would count too, but MariaDB 10.11 fails a statement with it whose
 * tables overflow to disk. The limit lets the product of the digits be made once, not joined to every row.
 */
const places = (most: number): string => `digit AS (
  SELECT 0 AS d ${Array.from({ length: 9 }, (_, at) => `UNION ALL SELECT ${at + 1}`).join(' ')}
),
place AS (
  SELECT 100 * hundred.d + 10 * ten.d + one.d + 1 AS at
  FROM digit AS hundred, digit AS ten, digit AS one
  WHERE 100 * hundred.d + 10 * ten.d + one.d < ${most}
  LIMIT ${most}
)`;

/** Which of a list’s values belongs to a place: MySQL turns columns into rows so, and reads no other of them. */
const atPlace = (place: string, values: readonly (string | number)[]): string => `ELT(${place}, ${values.join(', ')})`;

/** A text in one collation, for those of a union must not differ: literals, casts and columns have three. */
const alike = (text: string): string => `CONVERT(${text} USING utf8mb4) COLLATE utf8mb4_bin`;

const points = { least: 0, ...quantilePoints, greatest: 1 };

/**
 * A quantile from the ranks 0 to `last`: between two values of numbers, one of the values themselves of times. Ranks far from
 * all points have been left out before, so the sums run over a few hundred rows of each column.
 */
const quantile = (name: string, point: number): string =>
  `IF(unit = 'number', SUM(x * GREATEST(0, 1 - ABS(nth - ${point}e0 * last))), MAX(IF(nth = GREATEST(CEIL(${point} * (last + 1)), 1) - 1, x, NULL))) AS ${name}`;

const numberQueries = (columns: readonly Numbered[]): string => {
  const ids = columns.map(({ index }) => index);
  const units = columns.map(({ column }) => {
    if (columnKind(column) === 'number') return `'number'`;
    return isDay(column) ? `'day'` : `'moment'`;
  });
  const values = columns.map(({ column, index }) => asNumber(column, `c${index}`));
  return `numbers AS (
  SELECT ${atPlace('at', ids)} AS c, ${atPlace('at', units)} AS unit,
    ${atPlace('at', values)} + 0e0 AS x
  FROM source, place WHERE at <= ${columns.length}
),
ranked AS (
  SELECT c, unit, x, ROW_NUMBER() OVER (PARTITION BY c ORDER BY x) - 1 AS nth, COUNT(*) OVER (PARTITION BY c) - 1 AS last
  FROM numbers WHERE x IS NOT NULL
),
quantiles AS (
  SELECT c, unit,
    ${Object.entries(points)
      .map(([name, point]) => quantile(name, point))
      .join(',\n    ')}
  FROM ranked
  WHERE last = 0 OR nth * 100 % last < 100 OR nth * 100 % last > last - 100
  GROUP BY c, unit, last
),
-- The bars divide the middle 98 % where the tails are long, else the whole range.
spreads AS (
  SELECT quantiles.*,
    IF(p01 < p99 AND greatest - least > 2 * (p99 - p01), p01, least) AS low,
    IF(p01 < p99 AND greatest - least > 2 * (p99 - p01), p99, greatest) AS high,
    IF(unit = 'number' AND p25 < p75, p25 - 3 * (p75 - p25), NULL) AS low_fence,
    IF(unit = 'number' AND p25 < p75, p75 + 3 * (p75 - p25), NULL) AS high_fence
  FROM quantiles
),
bars AS (
  SELECT numbers.c, numbers.unit, ${[...Object.keys(points), 'low', 'high', 'low_fence', 'high_fence'].join(', ')},
    IF(high - low > 1e-290, LEAST(${histogramBins - 1}, FLOOR((GREATEST(low, LEAST(high, x)) - low) / ((high - low) / ${histogramBins}))), NULL) AS bar,
    COUNT(*) AS count, COUNT(x < low_fence OR NULL) AS below, COUNT(x > high_fence OR NULL) AS above
  FROM numbers JOIN spreads ON spreads.c = numbers.c
  WHERE x IS NOT NULL
  GROUP BY numbers.c, numbers.unit, ${[...Object.keys(points), 'low', 'high', 'low_fence', 'high_fence'].join(', ')}, bar
),
counted AS (
  SELECT bars.*, ROW_NUMBER() OVER (PARTITION BY c ORDER BY bar) AS nth,
    SUM(below) OVER (PARTITION BY c) AS all_below, SUM(above) OVER (PARTITION BY c) AS all_above
  FROM bars
)`;
};

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

/** A time as text again; what a bar tells of its column, the first bar tells for all. */
const numberAnswer = `SELECT CONCAT('c', c, '_', name), ${alike(`CASE
    WHEN at < ${quantilesFrom} OR unit = 'number' THEN value
    WHEN unit = 'day' THEN CAST(DATE '1970-01-01' + INTERVAL ROUND(value / 86400) DAY AS CHAR)
    WHEN value + 0e0 = FLOOR(value) THEN CAST(TIMESTAMP '1970-01-01 00:00:00' + INTERVAL CAST(value + 0e0 AS SIGNED) SECOND AS CHAR)
    ELSE CAST(TIMESTAMP '1970-01-01 00:00:00' + INTERVAL ROUND(value, 6) SECOND AS CHAR)
  END`)}, count
FROM (
  SELECT c, unit, at, count, ${atPlace(
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

const textQueries = (columns: readonly Numbered[]): string => `texts AS (
  SELECT c, LEFT(x, 1000) AS x, CHAR_LENGTH(x) AS length
  FROM (
    SELECT ${atPlace(
      'at',
      columns.map(({ index }) => index),
    )} AS c, ${atPlace(
      'at',
      columns.map(({ index }) => `c${index}`),
    )} AS x
    FROM source, place WHERE at <= ${columns.length}
  ) AS whole
  WHERE x IS NOT NULL
),
shapes AS (
  SELECT c, COUNT(*) AS shape_values,
    CONVERT(MIN(CAST(LEFT(x, ${shownCharacters}) AS BINARY)) USING utf8mb4) AS min,
    CONVERT(MAX(CAST(LEFT(x, ${shownCharacters}) AS BINARY)) USING utf8mb4) AS max,
    MIN(length) AS length_min, MAX(length) AS length_max, AVG(length) AS length_mean,
    ${shapeConditions('x')
      .map(({ shape, sql }) => `COUNT((${sql}) OR NULL) AS shape_${shape}`)
      .join(',\n    ')}
  FROM texts
  GROUP BY c
)`;

const textNames = [
  'shape_values',
  'min',
  'max',
  'length_min',
  'length_max',
  'length_mean',
  ...shapeConditions('x').map(({ shape }) => `shape_${shape}`),
];

const textAnswer = `SELECT CONCAT('c', c, '_', ${atPlace(
  'at',
  textNames.map((name) => `'${name}'`),
)}), ${alike(atPlace('at', textNames))}, NULL
FROM shapes, place WHERE at <= ${textNames.length}`;

/** Columns one after the other, each grouped in its own type. */
const groupQueries = (columns: readonly Numbered[]): string => {
  const groups = ({ column, index }: Numbered): string => {
    const c = `c${index}`;
    const [value, key] = columnKind(column) === 'text' ? [comparable(column, c), 'value'] : [`CAST(${c} AS BINARY)`, c];
    return `(SELECT ${index} AS c, ${value} AS value, COUNT(*) AS n, COUNT(*) OVER () AS kinds FROM source WHERE ${c} IS NOT NULL GROUP BY ${key} ORDER BY n DESC, ${key} LIMIT ${topValues})`;
  };
  const ids = columns.map(({ index }) => index);
  return `kinds_of AS (
  ${columns.map(groups).join('\n  UNION ALL ')}
),
compared AS (
  SELECT ${ids.map((id) => `COUNT(c${id}) AS n${id}`).join(', ')} FROM source
)`;
};

/** Of how many different values a column's are, each of its frequent ones tells: a reader takes one. */
const groupAnswer = (columns: readonly Numbered[]): string => {
  const ids = columns.map(({ index }) => index);
  return `SELECT CONCAT('c', c, IF(at = 1, '_top', '_distinct')), IF(at = 1, LEFT(${alike('value')}, ${shownCharacters}), ${alike('kinds')}), n
FROM kinds_of, place WHERE at <= 2
UNION ALL
SELECT CONCAT('c', ${atPlace('at', ids)}, '_compared'), ${alike(
    atPlace(
      'at',
      ids.map((id) => `n${id}`),
    ),
  )}, NULL
FROM compared, place WHERE at <= ${ids.length}`;
};
