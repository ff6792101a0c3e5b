import type { Rule } from './rule-card.ts';

/** Finds columns that hold nothing. */
export const emptyColumn: Rule = {
  id: 'empty-column',
  says: 'No row has a value in the column.',
  severity: { low: 'always' },
  thresholds: {},
  needs: 'the nulls of every column',
  views: true,
  know: (table) => ({
    findings: table.columns
      .filter(({ nulls }) => nulls.share === 1 && table.rows.count > 0)
      .map(({ name, nulls }) => ({
        severity: 'low',
        columns: [name],
        rows: table.rows.count,
        basis: nulls.basis,
        title: `${name} is empty`,
        detail: `No row of ${table.table} has a value in ${name}.`,
        advice: 'Find out whether it is still meant to be filled; drop it if not.',
        check: `select * from ${table.from} where ${table.sql.name(name)} is null`,
      })),
  }),
};
