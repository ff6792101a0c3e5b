import { formatCountOf } from '../format.ts';
import type { Rule } from './rule-card.ts';
import { estimate, verb } from './say.ts';

/** Finds white space before or after texts. */
export const paddedText: Rule = {
  id: 'padded-text',
  says: 'A text begins or ends with white space, and so does not equal the same text without it.',
  severity: { low: 'always' },
  thresholds: {},
  needs: 'the shapes of text columns',
  views: true,
  know: (table) => ({
    findings: table.columns.flatMap((column) => {
      const { name, shapes } = column;
      if (shapes === undefined || shapes.padded === 0) return [];
      return [
        {
          severity: 'low',
          columns: [name],
          rows: shapes.padded,
          of: shapes.values,
          basis: shapes.basis,
          title: `${name} has white space around values`,
          detail: `${formatCountOf(shapes.padded, 'value')}${estimate(shapes)} of ${name} ${verb(shapes.padded, 'begins or ends with white space and so does', 'begin or end with white space and so do')} not equal the same value without it.`,
          advice: 'Trim when loading.',
          check: `select * from ${table.from} where ${table.sql.hasShape(column, 'padded')}`,
        },
      ];
    }),
  }),
};
