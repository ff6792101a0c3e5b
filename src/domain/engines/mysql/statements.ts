import { mysqlNames } from './names.ts';
import { charactersPerStatement } from '../../figures/figure-limits.ts';
import { inParts } from '../../figures/in-parts.ts';
import type { ProfilePlan } from '../../figures/profile-plan.ts';
import { inKeyRanges } from '../key-ranges.ts';
import { passStatement } from './pass-statement.ts';
import { sourceStatement } from './source-statement.ts';

const { quoteName, quoteTable } = mysqlNames;

/** MySQL allows 4,096 expressions in a SELECT, of which a column takes eight at most. */
const limits = { columns: 500, characters: charactersPerStatement };

/** More rows than there are. A draw with a limit is made before anything is joined to it, and stays as it is. */
const noLimit = '18446744073709551615';

/** Two statements for tables up to several hundred columns: a pass, and a estimate at the source. */
export const mysqlStatements = (plan: ProfilePlan): readonly string[] => {
  const { schema, preview } = plan;
  const source = sourceOf(plan);
  return [
    ...inParts(schema.columns, limits, (part) => passStatement(plan, part, preview ? source : quoteTable(schema.name))),
    ...inParts(schema.columns, limits, (part) => sourceStatement(part, source)),
  ];
};

/** All rows of a small table; of a large one, a draw that is the same each time a statement asks for it. */
export const sourceOf = (plan: ProfilePlan): string => {
  const { schema, estimate, sample } = plan;
  const table = quoteTable(schema.name);
  if (sample === undefined) return table;
  const share = sample.percent / 100;
  switch (sample.method) {
    case 'key ranges':
      return `${table} WHERE ${inKeyRanges(estimate.keys, share, quoteName)}`;
    case 'first rows':
      return `${table} LIMIT ${Math.ceil(estimate.rows.count * share)}`;
    default:
      return `${table} WHERE RAND(1) < ${share} LIMIT ${noLimit}`;
  }
};
