import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { filled } from '../column-roles.ts';
import { type Finding, countOf, verb } from '../finding.ts';
import { cite, estimate } from '../profile-figures.ts';
import type { CheckSql } from '../../engines/check-sql.ts';
import { names } from '../words.ts';

/** Quantities for which less than nothing is ordinary. */
const signed =
  'temperature temp delta change balance difference diff offset net profit margin lat latitude lon lng longitude dbm db elevation altitude growth return score x y z'.split(
    ' ',
  );

/** What the signs of a measured column show: values below 0, exactly 0 or no number, where that is not ordinary. */
export const signFindings = (table: DigestTable, column: DigestColumn, sql: CheckSql): readonly Finding[] => {
  const { signs } = column;
  if (signs === undefined) return [];
  const of = filled(table, column);
  const about = { table: table.table, column: column.name, of, evidence: cite(table) };
  const rows = `select count(*) from ${sql.table(table.table)}`;
  const where = `${rows} where ${sql.comparable(column)}`;
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
            detail: `${countOf(signs.negative, 'row')}${estimate(signs)} of ${of.toLocaleString('en-US')} ${verb(signs.negative, 'has', 'have')} ${column.name} below 0 while all others do not.`,
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
            detail: `${countOf(signs.not_finite, 'row')}${estimate(signs)} ${verb(signs.not_finite, 'holds', 'hold')} NaN or infinity in ${column.name}; one such row makes every sum and average of the column useless.`,
            advice: 'Store NULL instead.',
            rows: signs.not_finite,
            check: `${rows} where ${sql.isNotFinite(column)}`,
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
            detail: `${countOf(signs.zero, 'row')}${estimate(signs)} ${verb(signs.zero, 'has', 'have')} ${column.name} of exactly 0, where ${typical} is usual.`,
            advice: 'A 0 that stands for “unknown” belongs stored as NULL.',
            rows: signs.zero,
            check: `${where} = 0`,
          },
        ]
      : []),
  ];
};

const neverZero = 'price cost weight voltage salary rate length height width size area volume'.split(' ');
