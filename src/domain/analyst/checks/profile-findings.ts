import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { filled, isMostly, measuredColumns, shapeCount } from '../column-roles.ts';
import { isIdentifier, names, wordsOf } from '../words.ts';
import { type Finding, countOf } from '../finding.ts';
import { quote, quoteTable } from '../sql.ts';

/** What the profile alone shows, without asking the database again. */
export const profileFindings = (table: DigestTable): readonly Finding[] => [
  ...table.columns.flatMap((column) => [
    ...emptyColumn(table, column),
    ...singleValue(table, column),
    ...textFindings(table, column),
    ...futureTimes(table, column),
  ]),
  ...measuredColumns(table).flatMap((column) => [...signFindings(table, column)]),
];

const cite = (table: DigestTable): readonly string[] => table.statements.slice(0, 1);

const estimate = (figure: { readonly basis?: string | undefined } | undefined): string =>
  figure?.basis === undefined ? '' : figure.basis === 'sample' ? ' (estimated from a sample)' : ' (approximately)';

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
          detail: `All ${countOf(filled(table, column), 'row')} that have a value in ${column.name} have the same one, so it tells nothing.`,
          advice: 'Check that the load fills it; it may be a default that nobody sets.',
          rows: filled(table, column),
          evidence: cite(table),
        },
      ]
    : [];

const textFindings = (table: DigestTable, column: DigestColumn): readonly Finding[] => {
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
            detail: `${countOf(blank, 'row')}${note} hold an empty text or white space in ${column.name} instead of NULL, so they pass for filled.`,
            advice: 'Turn blank texts into NULL when loading.',
            rows: blank,
            check: `select count(*) from ${quoteTable(table.table)} where trim(${quote(column.name)}) = ''`,
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
            detail: `${countOf(padded - blank, 'value')}${note} of ${column.name} begin or end with white space and so do not equal the same value without it.`,
            advice: 'Trim when loading.',
            rows: padded - blank,
            check: `select count(*) from ${quoteTable(table.table)} where ${quote(column.name)} <> trim(${quote(column.name)})`,
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
            detail: `${countOf(looked - others - blank, 'value')} of ${column.name} are ${shaped[2]}, ${countOf(others, 'other')}${note} do not have that form.`,
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

const planned = [
  'due',
  'expires',
  'expiry',
  'expiration',
  'until',
  'end',
  'ends',
  'planned',
  'scheduled',
  'target',
  'renewal',
  'valid',
  'deadline',
  'forecast',
];

const futureTimes = (table: DigestTable, column: DigestColumn): readonly Finding[] => {
  const future = column.freshness?.in_future ?? 0;
  if (future === 0 || names(column, ...planned) || future > 0.2 * filled(table, column)) return [];
  return [
    {
      severity: 'medium',
      table: table.table,
      column: column.name,
      kind: 'future',
      title: `${column.name} lies in the future`,
      detail: `${countOf(future, 'row')}${estimate(column.freshness)} have a ${column.name} after the time of this survey; the latest is ${column.freshness?.newest}.`,
      advice: 'Reject times in the future when loading; such rows distort every “latest” and every range of time.',
      rows: future,
      of: filled(table, column),
      evidence: cite(table),
      check: `select count(*) from ${quoteTable(table.table)} where ${quote(column.name)} > current_timestamp`,
    },
  ];
};

/** Quantities for which less than nothing is ordinary. */
const signed = [
  'temperature',
  'temp',
  'delta',
  'change',
  'balance',
  'difference',
  'diff',
  'offset',
  'net',
  'profit',
  'margin',
  'lat',
  'latitude',
  'lon',
  'lng',
  'longitude',
  'dbm',
  'db',
  'elevation',
  'altitude',
  'growth',
  'return',
  'score',
  'x',
  'y',
  'z',
];

const signFindings = (table: DigestTable, column: DigestColumn): readonly Finding[] => {
  const { signs } = column;
  if (signs === undefined) return [];
  const of = filled(table, column);
  const about = { table: table.table, column: column.name, of, evidence: cite(table) };
  const where = `select count(*) from ${quoteTable(table.table)} where ${quote(column.name)}`;
  const typical = Number(column.quantiles?.p50 ?? 0);
  const rareZero =
    signs.zero > 0 &&
    signs.zero <= 0.02 * of &&
    /double|float|real|decimal|numeric/i.test(column.type) &&
    typical > 0 &&
    (signs.negative === 0 || names(column, ...neverZero));
  const isPositive = rareZero && (Number(column.outliers?.low_fence ?? 0) > 0 || names(column, ...neverZero));
  return [
    ...(signs.negative > 0 && signs.negative <= 0.1 * of && typical >= 0 && !names(column, ...signed)
      ? [
          {
            ...about,
            severity: 'medium' as const,
            kind: 'negative' as const,
            title: `${column.name} is negative`,
            detail: `${countOf(signs.negative, 'row')}${estimate(signs)} of ${of.toLocaleString('en-US')} have a ${column.name} below 0 while all others do not.`,
            advice: 'Find out whether they are corrections or errors; sums and averages include them.',
            rows: signs.negative,
            check: `${where} < 0`,
          },
        ]
      : []),
    ...(signs.not_finite > 0
      ? [
          {
            ...about,
            severity: 'medium' as const,
            kind: 'not_a_number' as const,
            title: `${column.name} is not a number`,
            detail: `${countOf(signs.not_finite, 'row')}${estimate(signs)} hold NaN or infinity in ${column.name}; one such row makes every sum and average of the column useless.`,
            advice: 'Store NULL instead.',
            rows: signs.not_finite,
            check: `select count(*) from ${quoteTable(table.table)} where not isfinite(${quote(column.name)})`,
          },
        ]
      : []),
    ...(isPositive
      ? [
          {
            ...about,
            severity: 'medium' as const,
            kind: 'zero' as const,
            title: `${column.name} is 0`,
            detail: `${countOf(signs.zero, 'row')}${estimate(signs)} have a ${column.name} of exactly 0, where ${typical} is usual.`,
            advice: 'A 0 that stands for “unknown” belongs stored as NULL.',
            rows: signs.zero,
            check: `${where} = 0`,
          },
        ]
      : []),
  ];
};

const neverZero = [
  'price',
  'cost',
  'weight',
  'voltage',
  'salary',
  'rate',
  'length',
  'height',
  'width',
  'size',
  'area',
  'volume',
];

/** Whether a column is measured in percent, by its name. */
export const isPercent = (column: DigestColumn): boolean =>
  column.kind === 'number' &&
  !isIdentifier(column) &&
  wordsOf(column.name).some((word) => ['pct', 'percent', 'percentage', 'humidity'].includes(word));
