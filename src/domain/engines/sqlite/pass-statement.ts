import type { ColumnSchema, TableSchema } from '../../../contracts/schema.ts';
import { charactersPerStatement } from '../../figures/figure-limits.ts';
import type { Numbered } from '../../figures/in-parts.ts';
import type { ProfilePlan } from '../../figures/profile-plan.ts';
import { quoteName } from '../../sql-name.ts';
import { sqliteNames } from './names.ts';
import { columnKind } from './column-kind.ts';
import { epoch, finite, plainValue, readColumn, shownTime, squarable } from './column-sql.ts';

type Named = readonly (readonly [name: string, sql: string])[];

/** What a column's figures need at each step: of each value, of all values for the next step, of all values, of the figures. */
type Steps = { readonly values: Named; readonly means: Named; readonly figures: Named; readonly shown: Named };

const countIf = (condition: string): string => `count(CASE WHEN ${condition} THEN 1 END)`;

const passSteps = (column: ColumnSchema, c: string, now: number): Steps => {
  const none = { values: [], means: [], shown: [] };
  const values = ['values', `count(${c})`] as const;
  switch (columnKind(column)) {
    case 'number':
      return {
        values: [
          ['x', finite(c)],
          ['squarable', squarable(c)],
        ],
        means: [['mean', `avg(${c}_squarable)`]],
        figures: [
          values,
          ['min', `min(${c}_x)`],
          ['max', `max(${c}_x)`],
          [
            'deviation',
            `sqrt(sum((${c}_squarable - ${c}_mean) * (${c}_squarable - ${c}_mean)) / (count(${c}_squarable) - 1))`,
          ],
          ['zero', countIf(`${c} = 0`)],
          ['negative', countIf(`${c} < 0`)],
          // In SQLite a text or bytes may stand where numbers are declared, too.
          ['not_finite', `count(${c}) - count(${c}_x)`],
        ],
        shown: [],
      };
    case 'time':
      return {
        values: [['x', epoch(c)]],
        means: [],
        figures: [
          values,
          ['oldest_epoch', `min(${c}_x)`],
          ['newest_epoch', `max(${c}_x)`],
          ['in_future', countIf(`${c}_x > ${now}`)],
          ['undated', `count(${c}) - count(${c}_x)`],
        ],
        shown: [
          ['min', shownTime(column, `${c}_oldest_epoch`)],
          ['max', shownTime(column, `${c}_newest_epoch`)],
        ],
      };
    case 'boolean':
      return { ...none, figures: [values, ['distinct', `count(DISTINCT ${c} <> 0)`]] };
    case 'text':
    case 'other':
      return { ...none, figures: [values] };
  }
};

/**
 * Plain aggregates over `rows`, answered as one row. There is no deviation in SQLite; from sums of squares it would lose all
 * its digits where values are great and alike, so the means are taken before, in a pass of their own.
 */
export const passStatement = (plan: ProfilePlan, part: readonly Numbered[], rows: string): string => {
  const steps = part.map(({ column, index }) => ({ index, ...passSteps(column, `c${index}`, plan.now) }));
  const all = (step: keyof Steps): readonly string[] =>
    steps.flatMap(({ index, [step]: named }) => named.map(([name, sql]) => `${sql} AS c${index}_${name}`));
  const ofTable = [
    'count(*) AS rows',
    ...(plan.sample === undefined && part[0]?.index === 0 ? duplicateRows(plan.schema) : []),
  ];
  return `WITH source AS (
  SELECT ${part.map(readColumn).join(',\n    ')}
  FROM ${rows}
),
measured AS (
  SELECT ${['*', ...all('values')].join(',\n    ')}
  FROM source
),
means AS MATERIALIZED (
  SELECT ${['1 AS one', ...all('means')].join(',\n    ')}
  FROM ${all('means').length === 0 ? '(SELECT 1)' : 'measured'}
),
figures AS MATERIALIZED (
  SELECT ${[...ofTable, ...all('figures')].join(',\n    ')}
  FROM measured, means
)
SELECT ${['*', ...all('shown')].join(',\n  ')}
FROM figures, means`;
};

/** What the names of all columns may take of a statement; where they are longer, duplicate rows are not looked for. */
const mostNamesCharacters = charactersPerStatement / 2;

/** A primary key without NULLs, which SQLite allows in most, says it without looking. */
const duplicateRows = ({ name, columns, constraints }: TableSchema): readonly string[] => {
  const nullable = new Set(columns.filter((column) => column.nullable).map((column) => column.name));
  const isTold = constraints.some(
    ({ kind, columns: key }) => kind === 'primary_key' && !key.some((one) => nullable.has(one)),
  );
  if (isTold) return ['0 AS duplicate_rows'];
  const values = columns.map((column) => plainValue(quoteName(column.name))).join(', ');
  if (values.length > mostNamesCharacters) return [];
  return [
    `count(*) - (SELECT count(*) FROM (SELECT DISTINCT ${values} FROM ${sqliteNames.quoteTable(name)})) AS duplicate_rows`,
  ];
};
