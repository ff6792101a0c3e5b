import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { groupColumns, hasPrimaryKey, isDeclaredKey, keyColumns, mainKey, timeColumns } from '../column-roles.ts';
import { type Check, type Finding, countOf, num, percent, verb } from '../finding.ts';
import type { CheckSql } from '../../engines/check-sql.ts';
import { isIdentifier } from '../words.ts';

/** The most rows that are grouped by all their columns; above it the statement takes longer than it tells. */
const mostRows = 5_000_000;

/** Counts keys that occur twice, rows that occur twice, and rows that differ only in their key. */
export const duplicateChecks = (table: DigestTable, sql: CheckSql): readonly Check[] => [
  ...repeatedKeys(table, sql),
  ...(table.rows.count <= mostRows && table.columns.length <= 100
    ? [...wholeRows(table, sql), ...secondKeys(table, sql)]
    : []),
  ...repeatedMoments(table, sql),
];

const repeatedKeys = (table: DigestTable, sql: CheckSql): readonly Check[] =>
  keyColumns(table)
    .filter((key) => !isDeclaredKey(table, [key.name]))
    .map((key) => repeatedKey(table, key, sql));

const repeatedKey = (table: DigestTable, key: DigestColumn, sql: CheckSql): Check => {
  const value = sql.name(key.name);
  return {
    about: `${table.table}: whether ${key.name} is a key`,
    sql: `select count(*) as n, count(${value}) as filled, count(distinct ${value}) as kinds from ${sql.table(table.table)}`,
    read: (rows, evidence) => {
      const [n, filled, keys] = [num(rows[0]?.['n']), num(rows[0]?.['filled']), num(rows[0]?.['kinds'])];
      const repeated = filled - keys;
      if (repeated === 0)
        return {
          facts: [
            {
              table: table.table,
              text:
                filled === n
                  ? `${key.name} is a key: every row has one, and none occurs twice.`
                  : `${key.name} occurs at most once, but ${countOf(n - filled, 'row')} ${verb(n - filled, 'has', 'have')} none.`,
              evidence: [evidence],
            },
          ],
        };
      if (repeated > 0.1 * filled) return {};
      return {
        findings: [
          {
            // Where another key is declared, this one may not be meant to be one.
            severity: hasPrimaryKey(table) ? 'medium' : 'high',
            table: table.table,
            column: key.name,
            kind: 'repeated_key',
            title: `${key.name} occurs more than once`,
            detail: `${countOf(repeated, 'row')} of ${filled.toLocaleString('en-US')} ${verb(repeated, 'repeats', 'repeat')} the ${key.name} of another row. A join on it multiplies rows, and sums count them twice.`,
            advice: 'Remove the repetitions, and declare the key.',
            rows: repeated,
            of: filled,
            evidence: [evidence],
            check: `select count(${value}) - count(distinct ${value}) from ${sql.table(table.table)}`,
          },
        ],
      };
    },
  };
};

/** The columns, as a list to group by. */
const listOf = (columns: readonly DigestColumn[], sql: CheckSql): string => columns.map(sql.exactly).join(', ');

const wholeRows = (table: DigestTable, sql: CheckSql): readonly Check[] => {
  const known = table.duplicate_rows;
  const found = (rows: number, evidence: readonly string[]): readonly Finding[] =>
    rows === 0
      ? []
      : [
          {
            severity: 'high',
            table: table.table,
            kind: 'copies',
            title: `${table.table} holds rows twice`,
            detail: `${countOf(rows, 'row')} of ${table.rows.count.toLocaleString('en-US')} (${percent(rows, table.rows.count)}) ${verb(rows, 'is', 'are')} equal to another row in every column, as when a load is run twice.`,
            advice: 'Make the load idempotent, and remove the copies.',
            rows,
            of: table.rows.count,
            evidence,
          },
        ];
  const isKnownToBeNone = known !== undefined && known.count === 0 && known.basis === undefined;
  return isKnownToBeNone || hasPrimaryKey(table)
    ? []
    : [
        {
          about: `${table.table}: rows that occur twice`,
          sql: `select coalesce(sum(n - 1), 0) as copies from (select count(*) as n from ${sql.table(table.table)} group by ${listOf(table.columns, sql)} having count(*) > 1) twice`,
          read: (rows, evidence) => ({ findings: found(num(rows[0]?.['copies']), [evidence]) }),
        },
      ];
};

/** Rows that are equal in everything but their key: one thing entered twice. */
const secondKeys = (table: DigestTable, sql: CheckSql): readonly Check[] => {
  const key = mainKey(table);
  const others = table.columns.filter((column) => column !== key);
  if (key === undefined || others.length < 3) return [];
  const different = `count(distinct ${sql.name(key.name)})`;
  return [
    {
      about: `${table.table}: rows that differ in ${key.name} alone`,
      sql: `select coalesce(sum(kinds - 1), 0) as extra from (select ${different} as kinds from ${sql.table(table.table)} group by ${listOf(others, sql)} having ${different} > 1) several`,
      read: (rows, evidence) => {
        const extra = num(rows[0]?.['extra']);
        if (extra === 0 || extra > 0.2 * table.rows.count) return {};
        return {
          findings: [
            {
              severity: 'medium',
              table: table.table,
              column: key.name,
              kind: 'second_key',
              title: `One thing under several ${key.name}`,
              detail: `${countOf(extra, 'row')} ${verb(extra, 'is', 'are')} equal to another row in all columns but ${key.name}.`,
              advice: 'Find out whether they are one thing entered twice, and merge them.',
              rows: extra,
              of: table.rows.count,
              evidence: [evidence],
            },
          ],
        };
      },
    },
  ];
};

/** In a series, one device or account has one row per moment. */
const repeatedMoments = (table: DigestTable, sql: CheckSql): readonly Check[] => {
  const time = timeColumns(table)[0];
  const group = groupColumns(table).find(isIdentifier);
  if (time === undefined || group === undefined || (time.distinct?.count ?? 0) < 0.02 * table.rows.count) return [];
  const rest = table.columns.filter((column) => column !== mainKey(table) && column !== time && column !== group);
  if (rest.length === 0) return [];
  return [
    {
      about: `${table.table}: several rows for one ${group.name} and ${time.name}`,
      sql: [
        'select coalesce(sum(kinds - 1), 0) as different from (select count(*) as kinds from (',
        `  select ${sql.exactly(group)} as g, ${sql.exactly(time)} as t from ${sql.table(table.table)}`,
        `  where ${sql.name(time.name)} is not null and ${sql.name(group.name)} is not null group by ${listOf([group, time, ...rest], sql)}`,
        ') different_rows group by g, t having count(*) > 1) contradictions',
      ].join('\n'),
      read: (rows, evidence) => {
        const different = num(rows[0]?.['different']);
        // A few coincidences are natural where times are coarse; a large part means that this is no series.
        if (different === 0 || different > 0.02 * table.rows.count) return {};
        return {
          findings: [
            {
              severity: 'low',
              table: table.table,
              column: time.name,
              kind: 'contradicting_rows',
              title: `Contradicting rows for one ${group.name} and ${time.name}`,
              detail: `${countOf(different, 'row')} ${verb(different, 'shares', 'share')} ${group.name} and ${time.name} with another row and ${verb(different, 'differs', 'differ')} from it otherwise.`,
              advice: 'Decide which row counts when a moment has several.',
              rows: different,
              of: table.rows.count,
              evidence: [evidence],
            },
          ],
        };
      },
    },
  ];
};
