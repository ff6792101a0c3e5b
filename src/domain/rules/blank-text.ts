import { formatCountOf } from '../format.ts';
import type { Rule } from './rule-card.ts';
import { estimate, verb } from './say.ts';

/** Finds texts of nothing but white space. */
export const blankText: Rule = {
  id: 'blank-text',
  says: 'A text is empty or white space alone, and passes for filled.',
  severity: { medium: 'always' },
  thresholds: {},
  needs: 'the shapes of text columns',
  views: true,
  know: (table) => ({
    findings: table.columns.flatMap((column) => {
      const { name, shapes } = column;
      if (shapes === undefined || shapes.blank === 0) return [];
      return [
        {
          severity: 'medium',
          columns: [name],
          rows: shapes.blank,
          of: shapes.values,
          basis: shapes.basis,
          title: `${name} holds blank texts`,
          detail: `${formatCountOf(shapes.blank, 'row')}${estimate(shapes)} ${verb(shapes.blank, 'holds', 'hold')} an empty text or white space in ${name} instead of NULL, which passes for filled.`,
          advice: 'Turn blank texts into NULL when loading.',
          check: `select * from ${table.from} where ${table.sql.hasShape(column, 'blank')}`,
        },
      ];
    }),
  }),
};
