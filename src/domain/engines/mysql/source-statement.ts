import { shownCharacters, topValues } from '../../figures/figure-limits.ts';
import type { Numbered } from '../../figures/in-parts.ts';
import { columnKind, isCountable } from './column-kind.ts';
import { comparable, readColumn } from './column-sql.ts';
import { numberAnswer, numberPlaces, numberQueries } from './number-queries.ts';
import { alike, atPlace, numberAtPlace, places } from './places.ts';
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
    places(Math.max(part.length, numberPlaces, textNames.length)),
    ...(numbers.length === 0 ? [] : [numberQueries(numbers)]),
    ...(texts.length === 0 ? [] : [textQueries(texts)]),
    ...(countable.length === 0 ? [] : [groupQueries(countable)]),
  ];
  const answers = [
    `SELECT 'source_rows' AS name, ${alike('COUNT(*)')} AS value, NULL AS count FROM source`,
    ...(numbers.length === 0 ? [] : [numberAnswer(numbers)]),
    ...(texts.length === 0 ? [] : [textAnswer]),
    ...(countable.length === 0 ? [] : [groupAnswer(countable)]),
  ];
  return `WITH ${queries.join(',\n')}\n${answers.join('\nUNION ALL\n')}`;
};

const textQueries = (columns: readonly Numbered[]): string => `texts AS (
  SELECT c, LEFT(x, 1000) AS x, CHAR_LENGTH(x) AS length
  FROM (
    SELECT ${numberAtPlace(
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
