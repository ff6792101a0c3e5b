import { formatCountOf } from '../format.ts';
import { isMostly } from './column-roles.ts';
import type { Rule } from './rule-card.ts';
import { estimate, verb } from './say.ts';

/** Finds times that are stored as text, which no rule of times looks at. */
export const timeAsText: Rule = {
  id: 'time-as-text',
  says: 'A text column holds dates or times, so that gaps, order and future were not looked at.',
  severity: { low: 'always' },
  thresholds: {},
  needs: 'the shapes of text columns',
  views: true,
  know: (table) => ({
    findings: table.columns.flatMap((column) => {
      const { name, shapes } = column;
      if (shapes === undefined || !isMostly(column, 'time')) return [];
      return [
        {
          severity: 'low',
          columns: [name],
          rows: shapes.time,
          of: shapes.values,
          basis: shapes.basis,
          title: `${name} holds times as text`,
          detail: `${formatCountOf(shapes.time, 'value')}${estimate(shapes)} of ${name} ${verb(shapes.time, 'is a date or time', 'are dates or times')} in a text column, so gaps, order and future were not looked at.`,
          advice: `Store ${name} as a time; until then the rules of times cannot look at it.`,
          check: `select * from ${table.from} where ${table.sql.hasShape(column, 'time')}`,
        },
      ];
    }),
  }),
};
