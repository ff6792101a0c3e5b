import type { ColumnSchema, TableSchema } from '../../../contracts/schema.ts';
import { mysqlNames } from './names.ts';
import type { Numbered } from '../../figures/in-parts.ts';
import type { ProfilePlan } from '../../figures/profile-plan.ts';
import { columnKind, isCountable } from './column-kind.ts';
import { asNumber, finite, hashOf, readColumn, squarable } from './column-sql.ts';

const { quoteName, quoteTable } = mysqlNames;

const countIf = (condition: string): string => `COUNT(${condition} OR NULL)`;

const passFigures = (
  column: ColumnSchema,
  c: string,
  now: number,
): readonly (readonly [name: string, sql: string])[] => {
  const ordinary = finite(column, c);
  const values = ['values', `COUNT(${c})`] as const;
  const range = [
    ['min', `CAST(MIN(${ordinary}) AS CHAR)`],
    ['max', `CAST(MAX(${ordinary}) AS CHAR)`],
  ] as const;
  switch (columnKind(column)) {
    case 'number':
      return [
        values,
        ...range,
        ['mean', `AVG(${squarable(column, c)})`],
        ['deviation', `STDDEV_SAMP(${squarable(column, c)})`],
        ['zero', countIf(`${c} = 0`)],
        ['negative', countIf(`${c} < 0`)],
      ];
    case 'time':
      return [
        values,
        ...range,
        ['newest_epoch', `MAX(${asNumber(column, c)})`],
        ['in_future', countIf(`${c} > '${new Date(now * 1000).toISOString().slice(0, 19).replace('T', ' ')}'`)],
        ['undated', `COUNT(${c}) - COUNT(${ordinary})`],
      ];
    case 'boolean':
    case 'text':
    case 'other':
      return [values];
  }
};

/** Plain aggregates over `rows`, all in one pass and answered as one row. */
export const passStatement = (plan: ProfilePlan, part: readonly Numbered[], rows: string): string => {
  const figures = part.flatMap(({ column, index }) =>
    passFigures(column, `c${index}`, plan.now).map(([name, sql]) => `${sql} AS c${index}_${name}`),
  );
  const ofTable = [
    'COUNT(*) AS `rows`',
    ...(plan.sample === undefined && part[0]?.index === 0 ? [`${duplicateRows(plan.schema)} AS duplicate_rows`] : []),
  ];
  return `SELECT
  ${[...ofTable, ...figures].join(',\n  ')}
FROM (
  SELECT
    ${part.map(readColumn).join(',\n    ')}
  FROM ${rows}
) AS source`;
};

/**
 * What has no bound but max_allowed_packet: texts of any length, JSON, bytes, geometry, and types never heard of. A function
 * that makes something longer than that of it answers NULL.
 */
const isUnbounded = (column: ColumnSchema): boolean =>
  !isCountable(column) || /^(tiny|medium|long)?text\b/i.test(column.base_type ?? column.type);

/** A value by its bytes, for collations call different texts equal: written out, or the hash of what may be long. */
const bytesOf = (column: ColumnSchema): string => {
  const bytes = `CAST(${quoteName(column.name)} AS BINARY)`;
  return isUnbounded(column) ? `IFNULL(${hashOf(bytes)}, '')` : `QUOTE(${bytes})`;
};

/** Rows compared by all columns; a primary key says it without looking. */
const duplicateRows = ({ name, columns, constraints }: TableSchema): string =>
  constraints.some(({ kind }) => kind === 'primary_key')
    ? '0'
    : `COUNT(*) - (SELECT COUNT(DISTINCT ${hashOf(`CONCAT_WS(',', ${columns.map(bytesOf).join(', ')})`)}) FROM ${quoteTable(name)})`;
