import { isMostly } from './column-roles.ts';
import type { Rule } from './rule-card.ts';
import { countOf, estimate, verb } from './say.ts';

const thresholds = {
  maxShare: {
    value: 0.4,
    unit: 'of the values',
    why: 'Where more have another form, the column holds two kinds of things.',
  },
} as const;

/** What most values of a column may be: its shape, one of them, many of them. */
const expected = [
  ['email', 'e-mail address', 'e-mail addresses'],
  ['ip_address', 'network address', 'network addresses'],
  ['uuid', 'UUID', 'UUIDs'],
  ['url', 'URL', 'URLs'],
  ['phone', 'telephone number', 'telephone numbers'],
  ['time', 'date or time', 'dates or times in text form'],
  ['number', 'number', 'numbers in text form'],
] as const;

/** Finds texts that do not have the form that most of their column have. */
export const malformedText: Rule = {
  id: 'malformed-text',
  says: 'Most values of a column are e-mail addresses, URLs, numbers and the like; these are not.',
  severity: { medium: 'always' },
  thresholds,
  needs: 'the shapes of text columns',
  views: true,
  know: (table) => ({
    findings: table.columns.flatMap((column) => {
      const { name, shapes } = column;
      const form = expected.find(([shape]) => isMostly(column, shape));
      if (shapes === undefined || form === undefined) return [];
      const [shape, one, many] = form;
      const others = shapes.values - shapes.blank - shapes[shape];
      if (others <= 0 || others >= thresholds.maxShare.value * shapes.values) return [];
      const { sql } = table;
      return [
        {
          severity: 'medium',
          columns: [name],
          rows: others,
          of: shapes.values,
          basis: shapes.basis,
          title: `${name} holds values that are no ${one}`,
          detail: `${countOf(shapes[shape], 'value')} of ${name} ${verb(shapes[shape], 'is', 'are')} ${many}, ${countOf(others, 'other')}${estimate(shapes)} ${verb(others, 'does', 'do')} not have that form.`,
          advice: `Validate the form where ${name} is entered, and correct the others.`,
          check: `select * from ${table.from} where ${sql.name(name)} is not null and not ${sql.hasShape(column, shape)} and not ${sql.hasShape(column, 'blank')}`,
        },
      ];
    }),
  }),
};
