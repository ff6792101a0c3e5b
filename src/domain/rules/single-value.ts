import type { Rule } from './rule-card.ts';
import { filled } from './rule-table.ts';
import { countOf, verb } from './say.ts';

const thresholds = {
  minRows: { value: 20, unit: 'rows', why: 'A small table may hold one value for good reasons.' },
} as const;

/** Finds columns that hold the same value wherever they hold one. */
export const singleValue: Rule = {
  id: 'single-value',
  says: 'Every row that has a value in the column has the same one.',
  severity: { low: 'always' },
  thresholds,
  needs: 'the distinct values and the range of every column',
  views: true,
  know: (table) => ({
    findings: table.columns.flatMap((column) => {
      const { name, distinct, range, nulls } = column;
      if (distinct?.count !== 1 || range === undefined || range.min !== range.max) return [];
      if (table.rows.count < thresholds.minRows.value) return [];
      const rows = filled(table, column);
      const value = table.sql.name(name);
      return [
        {
          severity: 'low',
          columns: [name],
          rows,
          basis: range.basis === 'exact' ? nulls.basis : range.basis,
          examples: [range.min],
          title: `${name} always holds the same value`,
          detail: `All ${countOf(rows, 'row')} that ${verb(rows, 'has', 'have')} a value in ${name} have the same one, so it tells nothing.`,
          advice: 'Check that the load fills it; it may be a default that nobody sets.',
          check: `select * from ${table.from} where ${value} is not null and (select count(distinct ${value}) from ${table.from}) = 1`,
        },
      ];
    }),
  }),
};
