import { quoteTable } from '../../sql-name.ts';
import type { Numbered } from '../../figures/in-parts.ts';
import type { ProfilePlan } from '../../figures/profile-plan.ts';
import { columnKind } from './column-kind.ts';
import { epoch, finite, momentLiteral, readColumn, squarable } from './column-sql.ts';
import type { ColumnSchema } from '../../../contracts/schema.ts';

/** The figures of one pass, in the order in which the arrays of the statement have them. */
const passNames = {
  number: ['values', 'min', 'max', 'mean', 'deviation', 'zero', 'negative', 'not_finite'],
  time: ['values', 'min', 'max', 'newest_epoch', 'in_future', 'undated'],
  boolean: ['values', 'distinct'],
  text: ['values'],
  other: ['values'],
} as const;

const countIf = (condition: string): string => `count(*) FILTER (WHERE ${condition})`;

const passFigures = (column: ColumnSchema, c: string, now: number): readonly string[] => {
  const values = `count(${c})`;
  const ordinary = finite(column, c);
  switch (columnKind(column)) {
    case 'number':
      return [
        values,
        `min(${ordinary})`,
        `max(${ordinary})`,
        `avg(${squarable(column, c)})`,
        `stddev_samp(${squarable(column, c)})`,
        countIf(`${c} = 0`),
        countIf(`${c} < 0`),
        ordinary === c ? '0' : `${values} - count(${ordinary})`,
      ];
    case 'time':
      return [
        values,
        `min(${ordinary})`,
        `max(${ordinary})`,
        // Of the greatest alone: to take the seconds of each of a million values costs as much as all else.
        epoch(column, `max(${ordinary})`),
        countIf(`${c} > ${momentLiteral(column, now)} AND isfinite(${c})`),
        `${values} - count(${ordinary})`,
      ];
    case 'boolean':
      return [values, `bool_or(${c})::int + bool_or(NOT ${c})::int`];
    case 'text':
    case 'other':
      return [values];
  }
};

/**
 * Plain aggregates over `rows`, all in one pass: an array for each column, since a row may have 1,664 columns at most and
 * 300 columns have more figures than that.
 */
export const passStatement = (plan: ProfilePlan, part: readonly Numbered[], rows: string): string => {
  const ofTable = {
    rows: 'count(*)::text',
    ...(plan.sample === undefined && part[0]?.index === 0 && { duplicate_rows: duplicateRows(plan) }),
  };
  const ofColumns = part.map(
    ({ column, index }) => `ARRAY[${passFigures(column, `c${index}`, plan.now).join(', ')}]::text[] AS c${index}`,
  );
  const kinds = Object.entries(passNames).map(([kind, names]) => `('${kind}', '{${names.join(',')}}'::text[])`);
  const columns = part.map(({ column, index }) => `('c${index}', '${columnKind(column)}', c${index})`);
  return `WITH source AS (
  SELECT
    ${part.map(readColumn).join(',\n    ')}
  FROM ${rows}
),
pass AS (
  SELECT
    ${[...Object.entries(ofTable).map(([name, sql]) => `${sql} AS ${name}`), ...ofColumns].join(',\n    ')}
  FROM source
),
names(kind, names) AS (
  VALUES
    ${kinds.join(',\n    ')}
)
SELECT figure AS name, value, NULL AS count
FROM pass, LATERAL (VALUES ${Object.keys(ofTable)
    .map((name) => `('${name}', ${name})`)
    .join(', ')}) AS of_table(figure, value)
UNION ALL
SELECT concat(c, '_', name), value, NULL
FROM pass, LATERAL (VALUES
    ${columns.join(',\n    ')}
  ) AS of_column(c, kind, figures)
  JOIN names USING (kind), ROWS FROM (unnest(names), unnest(figures)) AS figure(name, value)
WHERE value IS NOT NULL`;
};

/** Rows compared as texts, for a type may have no equality; a primary key says it without looking. */
const duplicateRows = ({ schema }: ProfilePlan): string =>
  schema.constraints.some(({ kind }) => kind === 'primary_key')
    ? `'0'`
    : `(count(*) - (SELECT count(*) FROM (SELECT DISTINCT (whole.*)::text FROM ${quoteTable(schema.name)} AS whole) AS kind))::text`;
