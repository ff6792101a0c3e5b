import type { ColumnSchema } from '../../../contracts/schema.ts';
import { quoteName, quoteTable } from '../../sql-name.ts';
import { histogramBins, topValues } from '../../figures/figure-limits.ts';
import { inParts, type Numbered } from '../../figures/in-parts.ts';
import type { ProfilePlan } from '../../figures/profile-plan.ts';
import {
  type ColumnSql,
  type Figure,
  asNumber,
  beyondFigures,
  orderFigures,
  passFigures,
  spreadFigures,
  textFigures,
} from './column-figures.ts';
import { columnKind, isCountable } from './column-kind.ts';

/** Columns of one statement. DuckDB takes longer to plan a statement of 300 columns than to run it. */
const limits = { columns: 50, characters: 80_000 };

/** Of a text, what the source carries: a table of documents would fill the memory otherwise. */
const textCharacters = 1_000;

/**
 * The SQL that measures a table: a pass over all rows for plain aggregates, and a look at the source (all rows of a small
 * table, a sample of a large one) for what needs order, groups or patterns. Every statement answers with rows of name,
 * value and count; names are those of the table’s figures and `c{index}_{figure}` for a column’s.
 *
 * What stays in the pass was weighed on 10M rows of 20 columns, as shares of DuckDB’s SUMMARIZE, twice on a busy machine:
 * distinct values of texts 0.06 and 0.10, of all else 0.12 and 0.06, the other aggregates 0.13 and 0.24, the sample’s
 * statement 0.03 and 0.05. Lengths and extremes of texts took 0.03 or more. So texts are looked at in the sample alone, and
 * the whole took 0.38.
 *
 * All that is taken from a sample is in one statement: DuckDB draws another one each time, whatever its seed, and figures of
 * two samples do not fit together.
 */
export const duckdbStatements = (plan: ProfilePlan): readonly string[] => [
  ...(plan.preview ? [] : inParts(plan.schema.columns, limits, (part) => passStatement(plan, part))),
  ...inParts(plan.schema.columns, limits, (part) => sourceStatement(plan, part)),
];

const passStatement = (plan: ProfilePlan, part: readonly Numbered[]): string => {
  const table = quoteTable(plan.schema.name);
  const isWhole = plan.sample === undefined;
  const figures = part.flatMap(({ column, index }) => {
    const name = quoteName(column.name);
    const sql: ColumnSql = { value: name, length: `length(CAST(${name} AS VARCHAR))` };
    return named(index, [
      ...passFigures(column, sql, { exact: isWhole, now: plan.now }),
      ...(isWhole ? textFigures(column, sql) : []),
    ]);
  });
  const duplicates = `count(*) - (SELECT count(*) FROM (SELECT DISTINCT * FROM ${table})) AS duplicate_rows`;
  const ofTable = part[0]?.index === 0 ? ['count(*) AS rows', ...(isWhole ? [duplicates] : [])] : [];
  return `WITH figures AS (\n${select([...ofTable, ...figures])}\n  FROM ${table}\n)\n${listed('figures')}`;
};

const sourceStatement = (plan: ProfilePlan, part: readonly Numbered[]): string => {
  const ofEach = (
    figures: (column: ColumnSchema, sql: ColumnSql, figure: (name: string) => string) => readonly Figure[],
  ) =>
    part.flatMap(({ column, index }) =>
      named(
        index,
        figures(column, { value: `c${index}`, length: `c${index}_length` }, (name) => `c${index}_${name}`),
      ),
    );
  const measured = [
    'count(*) AS source_rows',
    ...ofEach((column, sql) => [
      ...(plan.preview ? passFigures(column, sql, { exact: false, now: plan.now }) : []),
      ...(plan.sample === undefined ? [] : textFigures(column, sql)),
      ...orderFigures(column, sql),
    ]),
  ];
  const spreads = ofEach((column, _, figure) => spreadFigures(column, figure));
  const beyond = ofEach(beyondFigures);
  const withLength = plan.sample !== undefined;
  return [
    `WITH source AS MATERIALIZED (\n${select(part.flatMap((one) => sourceColumns(one, withLength)))}\n  FROM ${sourceOf(plan)}\n),`,
    `measured AS (\n${select(measured)}\n  FROM source\n),`,
    `figures AS MATERIALIZED (\n${select(['*', ...spreads])}\n  FROM measured\n)`,
    ...(beyond.length === 0 ? [] : [`, beyond AS (\n${select(beyond)}\n  FROM source, figures\n)`]),
    [listed('figures'), ...(beyond.length === 0 ? [] : [listed('beyond')]), ...part.flatMap(groupsOf)].join(
      '\nUNION ALL\n',
    ),
  ].join('\n');
};

/** Each figure of a row as a row of its own, in DuckDB’s notation; one that is NULL has none. */
const listed = (row: string): string =>
  `SELECT name, value, NULL AS count FROM (SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ${row}) UNPIVOT (value FOR name IN (COLUMNS(*)))`;

const named = (index: number, figures: readonly Figure[]): readonly string[] =>
  figures.map(({ name, sql }) => `${sql} AS c${index}_${name}`);

const select = (expressions: readonly string[]): string => `  SELECT\n    ${expressions.join(',\n    ')}`;

/** Whole blocks of rows. Without a seed: DuckDB keeps REPEATABLE on a single thread alone. */
export const sourceOf = ({ schema, sample }: ProfilePlan): string =>
  sample === undefined
    ? quoteTable(schema.name)
    : `${quoteTable(schema.name)} TABLESAMPLE SYSTEM (${sample.percent} PERCENT)`;

const sourceColumns = ({ column, index }: Numbered, withLength: boolean): readonly string[] => {
  const name = quoteName(column.name);
  if (!isCountable(column.type)) return [`CASE WHEN ${name} IS NOT NULL THEN true END AS c${index}`];
  if (columnKind(column.type) !== 'text') return [`${name} AS c${index}`];
  const text = `CAST(${name} AS VARCHAR)`;
  return [
    `left(${text}, ${textCharacters}) AS c${index}`,
    ...(withLength ? [`length(${text}) AS c${index}_length`] : []),
  ];
};

/** The most frequent values, and the bars of the histogram. */
const groupsOf = ({ column, index }: Numbered): readonly string[] => {
  if (!isCountable(column.type)) return [];
  const c = `c${index}`;
  // Cast at the end: as text, the values of a key of 100,000 rows took as long to write as to count.
  const top = `SELECT '${c}_top', left(CAST(value AS VARCHAR), 200), n FROM (SELECT ${c} AS value, count(*) AS n FROM source WHERE ${c} IS NOT NULL GROUP BY value ORDER BY n DESC, value LIMIT ${topValues})`;
  const kind = columnKind(column.type);
  if (kind !== 'number' && kind !== 'time') return [top];
  const x = asNumber(column, c);
  const bin = `least(${histogramBins - 1}, greatest(0, floor((${x} - ${c}_low) / ((${c}_high - ${c}_low) / ${histogramBins}))))`;
  const bins = `SELECT '${c}_bin', CAST(CAST(${bin} AS INTEGER) AS VARCHAR) AS bin, count(*) FROM source, figures WHERE isfinite(${x}) AND ${c}_low < ${c}_high AND isfinite(${c}_high - ${c}_low) GROUP BY bin`;
  return [top, bins];
};
