import { formatCountOf } from '../format.ts';
import { measuredColumns } from './column-roles.ts';
import type { Rule } from './rule-card.ts';
import { filled, numberOf } from './rule-table.ts';
import { estimate, verb } from './say.ts';
import { names } from './words.ts';

const thresholds = {
  maxShare: { value: 0.02, unit: 'of the filled rows', why: 'A 0 that is frequent is a value like others.' },
} as const;

/** Quantities that things have more of than nothing. */
const neverZero = 'price cost weight voltage salary rate length height width size area volume'.split(' ');

/** Finds a rare 0 where a quantity can hardly be one. */
export const zeroValue: Rule = {
  id: 'zero-value',
  says: 'A quantity that is always more than 0 is exactly 0 in a few rows, which may stand for “unknown”.',
  severity: { medium: 'always' },
  thresholds,
  needs:
    'the signs of columns of fractional numbers, and either a name such as price or weight, or quartiles so far above 0 that it is an outlier',
  views: true,
  know: (table) => ({
    findings: measuredColumns(table).flatMap((column) => {
      const { name, type, signs, quantiles, outliers } = column;
      const of = filled(table, column);
      if (signs === undefined || signs.zero === 0 || signs.zero > thresholds.maxShare.value * of) return [];
      const typical = numberOf(quantiles?.p50);
      const isNamed = names(column, ...neverZero);
      if (!/double|float|real|decimal|numeric/i.test(type) || typical <= 0) return [];
      if (!isNamed && (signs.negative > 0 || numberOf(outliers?.low_fence) <= 0)) return [];
      return [
        {
          severity: 'medium',
          columns: [name],
          rows: signs.zero,
          of,
          basis: signs.basis,
          examples: [0],
          title: `${name} is 0`,
          detail: `${formatCountOf(signs.zero, 'row')}${estimate(signs)} ${verb(signs.zero, 'has', 'have')} ${name} of exactly 0, where ${typical} is usual.`,
          advice: 'A 0 that stands for “unknown” belongs stored as NULL.',
          check: `select * from ${table.from} where ${table.sql.comparable(column)} = 0`,
        },
      ];
    }),
  }),
};
