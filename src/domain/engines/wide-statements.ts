import { charactersPerStatement, histogramBins, quantilePoints } from '../figures/figure-limits.ts';
import type { Numbered } from '../figures/in-parts.ts';
import type { ProfilePlan } from '../figures/profile-plan.ts';
import type { WideSql } from './wide-sql.ts';

/** A column whose numbers lose digits in a double, and how many units of its last digit lie between its ends. */
export type WideColumn = Numbered & { readonly spread: bigint };

/** Each takes a sort of its own, and the sorted rows stay until the statement ends. */
const columnsPerStatement = 8;

/**
 * Measures the columns whose numbers a double does not hold: ids of 19 digits, decimals of 38. Figures that come of sums are
 * taken of the distances from the least value, and the values at the ranks around each quantile are told as they are, so
 * that nothing is rounded before it is subtracted. Their names begin with `wide_`; they stand in for the plain ones.
 */
export const wideStatements = (
  plan: ProfilePlan,
  columns: readonly WideColumn[],
  sql: WideSql,
  table: string,
): readonly string[] =>
  partsOf(columns).flatMap((part) => [momentsStatement(plan, part, sql, table), ranksStatement(plan, part, sql)]);

const partsOf = (columns: readonly WideColumn[]): readonly (readonly WideColumn[])[] => {
  // A name may have any length, and stands in a statement of moments twice.
  const size = columns.some(({ column }) => column.name.length * 2 * columnsPerStatement > charactersPerStatement / 4)
    ? 1
    : columnsPerStatement;
  return Array.from({ length: Math.ceil(columns.length / size) }, (_, at) => columns.slice(at * size, (at + 1) * size));
};

const source = (part: readonly WideColumn[], sql: WideSql, rows: string): string =>
  `SELECT ${part.map(({ column, index }) => `${sql.value(column)} AS x${index}`).join(', ')} FROM ${rows}`;

const list = (part: readonly WideColumn[], each: (column: WideColumn) => string): string =>
  part.map(each).join(',\n    ');

/** Mean and deviation over all rows, or over one draw of them. */
const momentsStatement = (plan: ProfilePlan, part: readonly WideColumn[], sql: WideSql, table: string): string => {
  const rows = source(part, sql, plan.preview ? sql.sourceOf(plan) : table);
  // A draw is kept, for another one has another least; a table is read again, which takes no memory.
  const [queries, read] = plan.preview ? [`source ${sql.kept} (${rows}),\n`, 'source'] : ['', `(${rows})`];
  return `WITH ${queries}least_of AS (
  SELECT ${list(part, ({ index }) => `min(x${index}) AS o${index}`)}
  FROM ${read} AS s
),
distances AS (
  SELECT ${list(part, ({ column, index, spread }) => `${sql.above(column, `x${index}`, `o${index}`, spread)} AS d${index}, o${index}`)}
  FROM ${read} AS s, least_of
),
means ${sql.kept} (
  SELECT ${list(part, ({ index }) => `avg(d${index}) AS m${index}, max(o${index}) AS origin${index}`)}
  FROM distances
)
SELECT ${list(part, ({ index }) => `max(m${index}) AS c${index}_wide_mean, ${sql.deviation(`d${index}`, `m${index}`)} AS c${index}_wide_deviation, ${sql.asText(`max(origin${index})`)} AS c${index}_wide_origin`)}
FROM distances, means`;
};

const percents = Object.values(quantilePoints).map((point) => Math.round(point * 100));

/** A quantile of the distances, between the two ranks it lies between. */
const quantile = (percent: number, sql: WideSql): string =>
  `sum(d * ${sql.greater}(0e0, 1e0 - abs(nth * 1e0 - ${percent}e-2 * last)))`;

/** The values around the quantiles, the bars of the histogram, and how many lie beyond the fences. */
const ranksStatement = (plan: ProfilePlan, part: readonly WideColumn[], sql: WideSql): string => {
  const queries = part.flatMap(({ column, index, spread }) => [
    `ranked${index} ${sql.kept} (
  SELECT x, ${sql.above(column, 'x', 'lowest', spread)} AS d, nth, last
  FROM (
    SELECT x${index} AS x, min(x${index}) OVER () AS lowest,
      row_number() OVER (ORDER BY x${index}) - 1 AS nth, count(*) OVER () - 1 AS last
    FROM source WHERE x${index} IS NOT NULL
  ) AS s
)`,
    `quantiles${index} AS (
  SELECT max(d) AS highest, ${([1, 25, 75, 99] as const).map((percent) => `${quantile(percent, sql)} AS p${percent}`).join(', ')}
  FROM ranked${index}
)`,
    `spread${index} ${sql.kept} (
  SELECT
    CASE WHEN p1 < p99 AND highest > 2 * (p99 - p1) THEN 1 ELSE 0 END AS tails,
    CASE WHEN p1 < p99 AND highest > 2 * (p99 - p1) THEN p1 ELSE 0 END AS low,
    CASE WHEN p1 < p99 AND highest > 2 * (p99 - p1) THEN p99 ELSE highest END AS high,
    p25 - 3 * (p75 - p25) AS low_fence, p75 + 3 * (p75 - p25) AS high_fence
  FROM quantiles${index}
)`,
    `bars${index} ${sql.kept} (
  SELECT bar, tails, count(*) AS n,
    sum(CASE WHEN d < low_fence THEN 1 ELSE 0 END) AS below, sum(CASE WHEN d > high_fence THEN 1 ELSE 0 END) AS above
  FROM (
    SELECT d, tails, low_fence, high_fence, CASE WHEN high - low > 1e-290
      THEN ${sql.lesser}(${histogramBins - 1}, floor((${sql.greater}(low, ${sql.lesser}(high, d)) - low) / ((high - low) / ${histogramBins}))) END AS bar
    FROM ranked${index}, spread${index}
  ) AS s
  GROUP BY bar, tails
)`,
  ]);
  const answers = part.flatMap(({ index }) => {
    const near = percents.map((percent) => `abs(nth * 100e0 - ${percent} * last) < 100`);
    return [
      `SELECT 'c${index}_wide_rank' AS name, ${sql.asText('x')} AS value, nth AS count FROM ranked${index} WHERE nth = 0 OR nth = last OR ${near.join(' OR ')}`,
      `SELECT 'c${index}_wide_last', ${sql.asText('max(last)')}, NULL FROM ranked${index}`,
      `SELECT 'c${index}_wide_bin', ${sql.asText('bar')}, n FROM bars${index} WHERE bar IS NOT NULL`,
      ...['below', 'above'].map(
        (side) => `SELECT 'c${index}_wide_${side}', ${sql.asText(`sum(${side})`)}, NULL FROM bars${index}`,
      ),
      `SELECT 'c${index}_wide_tails', ${sql.asText('max(tails)')}, NULL FROM bars${index}`,
    ];
  });
  return `WITH source ${sql.kept} (
  ${source(part, sql, sql.sourceOf(plan))}
),
${queries.join(',\n')}
${answers.join('\nUNION ALL\n')}`;
};
