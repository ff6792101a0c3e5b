import { histogramBins, quantilePoints, shownCharacters, topValues } from '../../figures/figure-limits.ts';
import type { Numbered } from '../../figures/in-parts.ts';
import { columnKind, isCountable } from './column-kind.ts';
import { asNumber, asText, comparable, epoch, readColumn, shown, shownTime } from './column-sql.ts';
import { shapeConditions } from './shape-conditions.ts';

/** Of a text, what the patterns are matched against. */
const matchedCharacters = 1_000;

/** Queries of a WITH, and the SELECTs that answer with their figures as rows of name, value and count. */
type Part = { readonly queries: readonly string[]; readonly answers: readonly string[] };

/**
 * What needs order, groups or patterns, column by column. `keep` lets the rows be read once: a sample is drawn anew each time
 * else, and a view computed; a table's own rows are read again for each column, which takes no memory.
 */
export const sourceStatement = (part: readonly Numbered[], rows: string, keep: boolean): string => {
  const parts = part.flatMap((one) => [...spreadOf(one), ...shapesOf(one), ...groupsOf(one)]);
  const source = `source AS ${keep ? '' : 'NOT '}MATERIALIZED (
  SELECT
    ${part.map(readColumn).join(',\n    ')}
  FROM ${rows}
)`;
  const answers = [
    `SELECT 'source_rows' AS name, count(*) AS value, NULL AS count FROM source`,
    ...parts.flatMap((one) => one.answers),
  ];
  return `WITH ${[source, ...parts.flatMap(({ queries }) => queries)].join(',\n')}\n${answers.join('\nUNION ALL\n')}`;
};

/** One row's figures as rows of their own, one that is NULL as none. */
const listed = (c: string, from: string, figures: readonly (readonly [name: string, sql: string])[]): string => {
  const names = figures.map(([name]) => `('${name}')`).join(', ');
  const values = figures.map(([name, sql]) => `WHEN '${name}' THEN ${sql}`).join(' ');
  return `SELECT * FROM (SELECT '${c}_' || column1, CASE column1 ${values} END AS value, NULL FROM ${from}, (VALUES ${names})) WHERE value IS NOT NULL`;
};

/** A quantile from the ranks 1 to n: between two values of numbers, one of the values themselves of times. */
const quantile = (kind: 'number' | 'time', point: number): string =>
  kind === 'number'
    ? `sum(x * max(0.0, 1.0 - abs(nth - 1 - ${point} * (n - 1))))`
    : `max(CASE WHEN nth = max(1, ceil(${point} * n)) THEN x END)`;

/** Quantiles, the bars between which most values lie, and what lies far out. */
const spreadOf = ({ column, index }: Numbered): readonly Part[] => {
  const kind = columnKind(column);
  if (kind !== 'number' && kind !== 'time') return [];
  const c = `c${index}`;
  const names = Object.keys(quantilePoints);
  const show = (name: string): string => (kind === 'time' ? shownTime(column, name) : name);
  const fences = kind === 'number' ? (['low_fence', 'high_fence'] as const) : [];
  const queries = [
    `${c}_ranked AS (
  SELECT x, row_number() OVER (ORDER BY x) AS nth, count(*) OVER () AS n
  FROM (SELECT ${asNumber(column, c)} AS x FROM source) WHERE x IS NOT NULL
)`,
    `${c}_quantiles AS (
  SELECT min(x) AS least, max(x) AS greatest,
    ${Object.entries(quantilePoints)
      .map(([name, point]) => `${quantile(kind, point)} AS ${name}`)
      .join(',\n    ')}
  FROM ${c}_ranked
)`,
    // The bars divide the middle 98 % where the tails are long, else the whole range.
    `${c}_spread AS MATERIALIZED (
  SELECT *,
    CASE WHEN p01 < p99 AND greatest - least > 2 * (p99 - p01) THEN p01 ELSE least END AS low,
    CASE WHEN p01 < p99 AND greatest - least > 2 * (p99 - p01) THEN p99 ELSE greatest END AS high,
    CASE WHEN p25 < p75 THEN p25 - 3 * (p75 - p25) END AS low_fence,
    CASE WHEN p25 < p75 THEN p75 + 3 * (p75 - p25) END AS high_fence
  FROM ${c}_quantiles
)`,
    `${c}_bars AS MATERIALIZED (
  SELECT CASE WHEN high - low > 1e-290 THEN CAST(max(0, min(${histogramBins - 1}, floor((x - low) / ((high - low) / ${histogramBins}.0)))) AS INTEGER) END AS bar,
    count(*) AS n, total(x < low_fence) AS below, total(x > high_fence) AS above
  FROM (SELECT ${asNumber(column, c)} AS x FROM source), ${c}_spread
  WHERE x IS NOT NULL
  GROUP BY bar
)`,
  ];
  const figures = [
    ...names.map((name) => [name, show(name)] as const),
    ...['low', 'high', 'least', 'greatest', ...fences].map((name) => [name, name] as const),
  ];
  const outer =
    kind === 'number'
      ? [
          listed(c, `(SELECT sum(below) AS below, sum(above) AS above FROM ${c}_bars)`, [
            ['below', 'below'],
            ['above', 'above'],
          ]),
        ]
      : [];
  return [
    {
      queries,
      answers: [
        listed(c, `${c}_spread`, figures),
        `SELECT '${c}_bin', bar, n FROM ${c}_bars WHERE bar IS NOT NULL`,
        ...outer,
      ],
    },
  ];
};

const shapesOf = ({ column, index }: Numbered): readonly Part[] => {
  if (columnKind(column) !== 'text') return [];
  const c = `c${index}`;
  const figures = [
    ['shape_values', 'count(x)'],
    ['min', `min(substr(x, 1, ${shownCharacters}))`],
    ['max', `max(substr(x, 1, ${shownCharacters}))`],
    ['length_min', 'min(characters)'],
    ['length_max', 'max(characters)'],
    ['length_mean', 'avg(characters)'],
    ...shapeConditions('x').map(({ shape, sql }) => [`shape_${shape}`, `count(CASE WHEN ${sql} THEN 1 END)`] as const),
  ] as const;
  const query = `${c}_texts AS MATERIALIZED (
  SELECT ${figures.map(([name, sql]) => `${sql} AS ${name}`).join(',\n    ')}
  FROM (
    SELECT substr(whole, 1, ${matchedCharacters}) AS x, length(whole) AS characters
    FROM (SELECT ${asText(c)} AS whole FROM source)
  )
)`;
  return [
    {
      queries: [query],
      answers: [
        listed(
          c,
          `${c}_texts`,
          figures.map(([name]) => [name, name] as const),
        ),
      ],
    },
  ];
};

/** The most frequent values, and how many different ones there are. */
const groupsOf = ({ column, index }: Numbered): readonly Part[] => {
  if (!isCountable(column)) return [];
  const c = `c${index}`;
  const seconds = columnKind(column) === 'time' ? epoch('v') : 'NULL';
  const query = `${c}_groups AS MATERIALIZED (
  SELECT ${comparable(column, c)} AS v, count(*) AS n FROM source WHERE ${c} IS NOT NULL GROUP BY v
)`;
  return [
    {
      queries: [query],
      answers: [
        `SELECT '${c}_distinct', count(*), NULL FROM ${c}_groups`,
        `SELECT '${c}_compared', total(n), NULL FROM ${c}_groups`,
        `SELECT '${c}_top', ${shown(column, 'v', 'x')}, n FROM (SELECT v, n, ${seconds} AS x FROM ${c}_groups ORDER BY n DESC, v LIMIT ${topValues})`,
      ],
    },
  ];
};
