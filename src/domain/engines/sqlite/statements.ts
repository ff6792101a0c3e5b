import { charactersPerStatement } from '../../figures/figure-limits.ts';
import { inParts } from '../../figures/in-parts.ts';
import type { ProfilePlan } from '../../figures/profile-plan.ts';
import { quoteName } from '../../sql-name.ts';
import { sqliteNames } from './names.ts';
import { inKeyRanges } from '../key-ranges.ts';
import { passStatement } from './pass-statement.ts';
import { sourceStatement } from './source-statement.ts';

/** SQLite answers with 2,000 columns at most, and a column has eight figures. */
const passLimits = { columns: 200, characters: charactersPerStatement };

/** A statement keeps the different values of all its columns in memory until it ends, and joins 500 SELECTs at most. */
const sourceLimits = { columns: 20, characters: charactersPerStatement };

/** A pass, and looks at the source. */
export const sqliteStatements = (plan: ProfilePlan): readonly string[] => {
  const { schema, preview, sample } = plan;
  const source = sourceOf(plan);
  const keep = sample !== undefined || schema.kind === 'view';
  return [
    ...inParts(schema.columns, passLimits, (part) =>
      passStatement(plan, part, preview ? source : sqliteNames.quoteTable(schema.name)),
    ),
    ...inParts(schema.columns, sourceLimits, (part) => sourceStatement(part, source, keep)),
  ];
};

/** All rows of a small table; of a large one, a draw of them. */
export const sourceOf = ({ schema, estimate, sample }: ProfilePlan): string => {
  const table = sqliteNames.quoteTable(schema.name);
  if (sample === undefined) return table;
  const share = sample.percent / 100;
  switch (sample.method) {
    case 'key ranges':
      return `${table} WHERE ${inKeyRanges(estimate.keys, share, quoteName)}`;
    case 'first rows':
      return `(SELECT * FROM ${table} LIMIT ${Math.ceil(estimate.rows.count * share)})`;
    default:
      return `${table} WHERE (random() & 0xFFFFFF) < ${Math.ceil(share * 0x1000000)}`;
  }
};
