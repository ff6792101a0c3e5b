import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { filled, isMostly, measuredColumns, shapeCount } from '../column-roles.ts';
import { type Finding, countOf, verb } from '../finding.ts';
import { cite, estimate } from '../profile-figures.ts';
import type { CheckSql } from '../../engines/check-sql.ts';
import { names, plannedTimes } from '../words.ts';
import { signFindings } from './sign-findings.ts';

/** What the profile alone shows, without asking the database again. */
export const profileFindings = (table: DigestTable, sql: CheckSql): readonly Finding[] => [
  ...table.columns.flatMap((column) => [
    ...emptyColumn(table, column),
    ...singleValue(table, column),
    ...textFindings(table, column, sql),
    ...futureTimes(table, column, sql),
  ]),
  ...measuredColumns(table).flatMap((column) => signFindings(table, column, sql)),
];

const emptyColumn = (table: DigestTable, column: DigestColumn): readonly Finding[] =>
  column.nulls?.share === 1 && table.rows.count > 0
    ? [
        {
          severity: 'low',
          table: table.table,
          column: column.name,
          kind: 'empty_column',
          title: `${column.name} is empty`,
          detail: `No row of ${table.table} has a value in ${column.name}.`,
          advice: 'Find out whether it is still meant to be filled; drop it if not.',
          rows: table.rows.count,
          evidence: cite(table),
        },
      ]
    : [];

const singleValue = (table: DigestTable, column: DigestColumn): readonly Finding[] =>
  column.distinct?.count === 1 &&
  column.range !== undefined &&
  column.range.min === column.range.max &&
  table.rows.count >= 20
    ? [
        {
          severity: 'low',
          table: table.table,
          column: column.name,
          kind: 'single_value',
          title: `${column.name} always holds the same value`,
          detail: `All ${countOf(filled(table, column), 'row')} that ${verb(filled(table, column), 'has', 'have')} a value in ${column.name} have the same one, so it tells nothing.`,
          advice: 'Check that the load fills it; it may be a default that nobody sets.',
          rows: filled(table, column),
          evidence: cite(table),
        },
      ]
    : [];

const textFindings = (table: DigestTable, column: DigestColumn, sql: CheckSql): readonly Finding[] => {
  if (column.shapes === undefined) return [];
  const looked = column.shapes.values;
  const about = { table: table.table, column: column.name, evidence: cite(table), of: looked };
  const blank = shapeCount(column, 'blank');
  const padded = shapeCount(column, 'padded');
  const note = estimate(column.shapes);
  const shaped = expectedShapes.find(([shape]) => isMostly(column, shape));
  const others = shaped === undefined ? 0 : looked - blank - shapeCount(column, shaped[0]);
  return [
    ...(blank > 0
      ? [
          {
            ...about,
            severity: 'medium' as const,
            kind: 'blank' as const,
            title: `${column.name} holds blank texts`,
            detail: `${countOf(blank, 'row')}${note} ${verb(blank, 'holds', 'hold')} an empty text or white space in ${column.name} instead of NULL, which passes for filled.`,
            advice: 'Turn blank texts into NULL when loading.',
            rows: blank,
            check: `select count(*) from ${sql.table(table.table)} where trim(${sql.asText(column)}) = ''`,
          },
        ]
      : []),
    ...(padded > blank
      ? [
          {
            ...about,
            severity: 'low' as const,
            kind: 'padded' as const,
            title: `${column.name} has white space around values`,
            detail: `${countOf(padded - blank, 'value')}${note} of ${column.name} ${verb(padded - blank, 'begins or ends with white space and so does', 'begin or end with white space and so do')} not equal the same value without it.`,
            advice: 'Trim when loading.',
            rows: padded - blank,
            check: `select count(*) from ${sql.table(table.table)} where length(${sql.asText(column)}) <> length(trim(${sql.asText(column)}))`,
          },
        ]
      : []),
    ...(shaped !== undefined && others > 0 && others < 0.4 * looked
      ? [
          {
            ...about,
            severity: 'medium' as const,
            kind: 'malformed' as const,
            title: `${column.name} holds values that are no ${shaped[1]}`,
            detail: `${countOf(looked - others - blank, 'value')} of ${column.name} ${verb(looked - others - blank, 'is', 'are')} ${shaped[2]}, ${countOf(others, 'other')}${note} ${verb(others, 'does', 'do')} not have that form.`,
            advice: `Validate the form where ${column.name} is entered, and correct the others.`,
            rows: others,
          },
        ]
      : []),
  ];
};

const expectedShapes = [
  ['email', 'e-mail address', 'e-mail addresses'],
  ['ip_address', 'network address', 'network addresses'],
  ['uuid', 'UUID', 'UUIDs'],
  ['url', 'URL', 'URLs'],
  ['phone', 'telephone number', 'telephone numbers'],
  ['time', 'date or time', 'dates or times in text form'],
  ['number', 'number', 'numbers in text form'],
] as const;

const openEnds = 'expires expiry expiration until end ends renewal valid'.split(' ');

const futureTimes = (table: DigestTable, column: DigestColumn, sql: CheckSql): readonly Finding[] => {
  const future = column.freshness?.in_future ?? 0;
  if (future === 0 || names(column, ...plannedTimes, ...openEnds) || future > 0.2 * filled(table, column)) return [];
  return [
    {
      severity: 'medium',
      table: table.table,
      column: column.name,
      kind: 'future',
      title: `${column.name} lies in the future`,
      detail: `${countOf(future, 'row')}${estimate(column.freshness)} ${verb(future, 'has', 'have')} ${column.name} after the time of this survey; the latest is ${column.freshness?.newest}.`,
      advice: 'Reject times in the future when loading; such rows distort every “latest” and every range of time.',
      rows: future,
      of: filled(table, column),
      evidence: cite(table),
      check: `select count(*) from ${sql.table(table.table)} where ${sql.name(column.name)} > current_timestamp`,
    },
  ];
};
