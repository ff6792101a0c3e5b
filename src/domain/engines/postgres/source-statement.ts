import { histogramBins, quantilePoints, shownCharacters, topValues } from '../../figures/figure-limits.ts';
import type { Numbered } from '../../figures/in-parts.ts';
import { columnKind, isCitext, isCountable } from './column-kind.ts';
import { asNumber, epoch, finite, identity, readColumn } from './column-sql.ts';
import { shapeConditions } from './shape-conditions.ts';

const points = `'{${[0, ...Object.values(quantilePoints), 1].join(',')}}'::float8[]`;

/**
 * What needs order, groups or patterns. `source` is drawn once, whatever is asked of it. Quantiles are one array for each
 * column, from the least to the greatest value; then numbers and times become rows of column and number, texts rows of column
 * and text, so that bars, fences, lengths and shapes are written once for all columns.
 */
export const sourceStatement = (part: readonly Numbered[], rows: string): string => {
  const ofKind = (...kinds: readonly string[]) => part.filter(({ column }) => kinds.includes(columnKind(column)));
  const numbers = ofKind('number', 'time');
  const texts = ofKind('text');
  const countable = part.filter(({ column }) => isCountable(column));
  return [
    `WITH source AS MATERIALIZED (
  SELECT ${['*', ...numbers.map(ordered)].join(',\n    ')}
  FROM (
    SELECT
    ${part.map(readColumn).join(',\n    ')}
    FROM ${rows}
  ) AS columns
)`,
    counted(countable),
    ...(numbers.length === 0 ? [] : [numberQueries(numbers)]),
    ...(texts.length === 0 ? [] : [textQueries(texts)]),
    ...(countable.length === 0 ? [] : [groupQueries(countable)]),
  ]
    .join(',\n')
    .concat(
      '\n',
      [
        countAnswer(countable),
        ...(numbers.length === 0 ? [] : [numberAnswer]),
        ...(texts.length === 0 ? [] : [textAnswer]),
        ...(countable.length === 0 ? [] : [groupAnswer]),
      ].join('\nUNION ALL\n'),
    );
};

/** The rows, and of each column the values that its distinct ones are counted among. */
const counted = (columns: readonly Numbered[]): string => `counted AS (
  SELECT count(*) AS rows, ARRAY[${columns.map(({ index }) => `count(c${index})`).join(',')}]::bigint[] AS counts FROM source
)`;

const countAnswer = (
  columns: readonly Numbered[],
): string => `SELECT 'source_rows' AS name, rows::text AS value, NULL::bigint AS count FROM counted
UNION ALL
SELECT concat('c', c, '_compared'), values::text, NULL
FROM counted, ROWS FROM (
  unnest('{${columns.map(({ index }) => index).join(',')}}'::int[]), unnest(counts)
) AS compared(c, values)`;

/** What quantiles are taken of: doubles, and times in their own type, both without what is not finite. */
const ordered = ({ column, index }: Numbered): string =>
  columnKind(column) === 'time'
    ? `${finite(column, `c${index}`)} AS x${index}`
    : `${asNumber(column, `c${index}`)} AS x${index}`;

const quantiles = ({ column, index }: Numbered): string =>
  `percentile_${columnKind(column) === 'time' ? 'disc' : 'cont'}((TABLE points)) WITHIN GROUP (ORDER BY x${index}) AS q${index}`;

/** The quantiles as they are shown, and as numbers that bars are computed from; times have no fences. */
const spread = ({ column, index }: Numbered): string =>
  columnKind(column) === 'time'
    ? `(${index}, false, q${index}::text[], ARRAY(SELECT ${epoch(column, 't')} FROM unnest(q${index}) AS t))`
    : `(${index}, true, q${index}::text[], q${index})`;

/** One row for each value of each column: the branches of a union, which take half as long as a lateral list. */
const stacked = (columns: readonly Numbered[], values: (column: Numbered) => string): string =>
  columns.map((column) => `SELECT ${column.index}, ${values(column)} FROM source`).join('\n  UNION ALL ');

const numberQueries = (columns: readonly Numbered[]): string => `points(p) AS (VALUES (${points})),
measured AS (
  SELECT
    ${columns.map(quantiles).join(',\n    ')}
  FROM source
),
quantiles AS (
  SELECT c, has_fences, shown, q[1] AS least, q[2] AS p01, q[4] AS p25, q[6] AS p75, q[8] AS p99, q[9] AS greatest
  FROM measured, LATERAL (VALUES
    ${columns.map(spread).join(',\n    ')}
  ) AS spread(c, has_fences, shown, q)
),
-- The bars divide the middle 98 % where the tails are long, else the whole range.
spreads AS MATERIALIZED (
  SELECT c, shown, least, greatest,
    CASE WHEN p01 < p99 AND greatest - least > 2 * (p99 - p01) THEN p01 ELSE least END AS low,
    CASE WHEN p01 < p99 AND greatest - least > 2 * (p99 - p01) THEN p99 ELSE greatest END AS high,
    CASE WHEN has_fences AND p25 < p75 THEN p25 - 3 * (p75 - p25) END AS low_fence,
    CASE WHEN has_fences AND p25 < p75 THEN p75 + 3 * (p75 - p25) END AS high_fence
  FROM quantiles
),
numbers(c, x) AS (
  ${stacked(columns, ({ column, index }) => (columnKind(column) === 'time' ? epoch(column, `x${index}`) : `x${index}`))}
),
bars AS MATERIALIZED (
  SELECT c,
    CASE WHEN high - low > 1e-290
      THEN least(${histogramBins - 1}, floor((greatest(low, least(high, x)) - low) / ((high - low) / ${histogramBins})))
    END AS bar,
    count(*) AS count,
    count(*) FILTER (WHERE x < low_fence) AS below,
    count(*) FILTER (WHERE x > high_fence) AS above
  FROM numbers JOIN spreads USING (c)
  WHERE x IS NOT NULL
  GROUP BY 1, 2
)`;

const numberAnswer = `SELECT concat('c', c, '_', name), value, NULL
FROM spreads, ROWS FROM (
  unnest('{${Object.keys(quantilePoints).join(',')},least,greatest,low,high,low_fence,high_fence}'::text[]),
  unnest(shown[2:8] || ARRAY[least, greatest, low, high, low_fence, high_fence]::text[])
) AS figure(name, value)
WHERE value IS NOT NULL
UNION ALL
SELECT concat('c', c, '_bin'), bar::text, count FROM bars WHERE bar IS NOT NULL
UNION ALL
SELECT concat('c', c, '_', name), value::text, NULL
FROM (SELECT c, sum(below) AS below, sum(above) AS above FROM bars GROUP BY c) AS fenced,
  LATERAL (VALUES ('below', below), ('above', above)) AS figure(name, value)`;

const textSql = { text: 'x', last: 'last' };

/** The branches cut texts and take their ends once, for conditions would do it again each time. */
const textQueries = (columns: readonly Numbered[]): string => `texts(c, x, length, last) AS (
  ${stacked(columns, ({ index: c }) => `left(c${c}, 1000), length(c${c}), right(c${c}, 1)`)}
),
shapes AS (
  SELECT c, ARRAY[
    count(x), min(left(x, ${shownCharacters})), max(left(x, ${shownCharacters})), min(length), max(length), avg(length::float8),
    ${shapeConditions(textSql)
      .map(({ sql }) => `count(*) FILTER (WHERE ${sql})`)
      .join(',\n    ')}
  ]::text[] AS figures
  FROM texts
  WHERE x IS NOT NULL
  GROUP BY c
)`;

const textNames = [
  'shape_values',
  'min',
  'max',
  'length_min',
  'length_max',
  'length_mean',
  ...shapeConditions(textSql).map(({ shape }) => `shape_${shape}`),
];

const textAnswer = `SELECT concat('c', c, '_', name), value, NULL
FROM shapes, ROWS FROM (unnest('{${textNames.join(',')}}'::text[]), unnest(figures)) AS figure(name, value)`;

/** Columns one after the other, each grouped in its own type. */
const groupQueries = (columns: readonly Numbered[]): string => {
  const groups = ({ column, index }: Numbered): string => {
    const c = `c${index}`;
    const kind = identity(column, c);
    // Of values that differ in case alone, one as it was written.
    const one = isCitext(column) ? `min(${c})` : c;
    const shown = columnKind(column) === 'text' ? `left(${one}, ${shownCharacters})` : `${one}::text`;
    return `(SELECT ${index}, ${shown} AS v, count(*), count(*) OVER () FROM source WHERE ${c} IS NOT NULL GROUP BY ${kind} ORDER BY 3 DESC, ${kind} LIMIT ${topValues})`;
  };
  return `groups(c, value, count, kinds) AS MATERIALIZED (
  ${columns.map(groups).join('\n  UNION ALL ')}
)`;
};

const groupAnswer = `SELECT concat('c', c, '_top'), left(value, ${shownCharacters}), count FROM groups
UNION ALL
SELECT DISTINCT concat('c', c, '_distinct'), kinds::text, NULL::bigint FROM groups`;
