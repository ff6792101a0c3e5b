import { formatCount, formatCountOf } from '../format.ts';
import { measuredColumns } from './column-roles.ts';
import type { Rule } from './rule-card.ts';
import { filled, numberOf } from './rule-table.ts';
import { estimate, verb } from './say.ts';
import { names } from './words.ts';

const thresholds = {
  maxShare: { value: 0.1, unit: 'of the filled rows', why: 'Where more are negative, less than nothing is ordinary.' },
} as const;

/** Quantities for which less than nothing is ordinary. */
const signed =
  'temperature temp delta change balance difference diff offset net profit margin lat latitude lon lng longitude dbm db elevation altitude growth return score x y z'.split(
    ' ',
  );

/** Finds quantities below 0. */
export const negativeValue: Rule = {
  id: 'negative-value',
  says: 'A quantity that is hardly ever below 0 is.',
  severity: { medium: 'always' },
  thresholds,
  needs: 'the signs of number columns that are no identifiers and whose names do not tell of signed quantities',
  views: true,
  know: (table) => ({
    findings: measuredColumns(table).flatMap((column) => {
      const { name, signs, quantiles, range } = column;
      const of = filled(table, column);
      if (signs === undefined || signs.negative === 0 || signs.negative > thresholds.maxShare.value * of) return [];
      if (numberOf(quantiles?.p50) < 0 || names(column, ...signed)) return [];
      return [
        {
          severity: 'medium',
          columns: [name],
          rows: signs.negative,
          of,
          basis: signs.basis,
          examples: [range?.min],
          title: `${name} is negative`,
          detail: `${formatCountOf(signs.negative, 'row')}${estimate(signs)} of ${formatCount(of)} ${verb(signs.negative, 'has', 'have')} ${name} below 0 while all others do not.`,
          advice: 'Find out whether they are corrections or errors; sums and averages include them.',
          check: `select * from ${table.from} where ${table.sql.comparable(column)} < 0`,
        },
      ];
    }),
  }),
};
