import { quoteTable } from '../../sql-name.ts';
import { charactersPerStatement } from '../../figures/figure-limits.ts';
import { inParts } from '../../figures/in-parts.ts';
import type { ProfilePlan } from '../../figures/profile-plan.ts';
import { passStatement } from './pass-statement.ts';
import { sourceStatement } from './source-statement.ts';

/** PostgreSQL allows 1,664 expressions in a SELECT, of which a column takes two. */
const limits = { columns: 800, characters: charactersPerStatement };

/**
 * Two statements for tables up to several hundred columns: a pass, and a look at the source. Both read the same sample in
 * a preview, since REPEATABLE draws the same blocks again.
 */
export const postgresStatements = (plan: ProfilePlan): readonly string[] => [
  ...inParts(plan.schema.columns, limits, (part) =>
    passStatement(plan, part, plan.preview ? sourceOf(plan) : quoteTable(plan.schema.name)),
  ),
  ...inParts(plan.schema.columns, limits, (part) => sourceStatement(part, sourceOf(plan))),
];

/** All rows of a small table; of a large one, a draw of them. */
export const sourceOf = ({ schema, estimate, sample }: ProfilePlan): string => {
  const table = quoteTable(schema.name);
  if (sample === undefined) return table;
  switch (sample.method) {
    case 'random':
      return `${table} WHERE random() < ${sample.percent / 100}`;
    case 'first rows':
      return `${table} LIMIT ${Math.ceil((estimate.rows.count * sample.percent) / 100)}`;
    default:
      return `${table} TABLESAMPLE ${sample.method.toUpperCase()} (${sample.percent}) REPEATABLE (1)`;
  }
};
