import { measuredColumns } from './column-roles.ts';
import type { Rule } from './rule-card.ts';
import { filled } from './rule-table.ts';
import { countOf, estimate, verb } from './say.ts';

/** Finds NaN, infinities, and what SQLite lets stand among numbers. */
export const notANumber: Rule = {
  id: 'not-a-number',
  says: 'A number is NaN or infinite; in SQLite also a text or bytes among numbers.',
  severity: { medium: 'always' },
  thresholds: {},
  needs: 'the signs of number columns',
  views: true,
  know: (table) => ({
    findings: measuredColumns(table).flatMap((column) => {
      const { name, signs } = column;
      if (signs === undefined || signs.not_finite === 0) return [];
      return [
        {
          severity: 'medium',
          columns: [name],
          rows: signs.not_finite,
          of: filled(table, column),
          basis: signs.basis,
          title: `${name} is not a number`,
          detail: `${countOf(signs.not_finite, 'row')}${estimate(signs)} ${verb(signs.not_finite, 'holds', 'hold')} NaN, infinity or another thing that is no number in ${name}; one such row makes every sum and average of the column useless.`,
          advice: 'Store NULL instead.',
          check: `select * from ${table.from} where ${table.sql.isNotFinite(column)}`,
        },
      ];
    }),
  }),
};
