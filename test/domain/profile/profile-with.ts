import type { TableProfile } from '../../../src/contracts/profile.ts';
import type { ResultTable } from '../../../src/contracts/sandbox.ts';
import type { Engine } from '../../../src/contracts/engine.ts';
import type { TableSchema } from '../../../src/contracts/schema.ts';
import { estimateStatement, planProfile } from '../../../src/domain/profile/plan-profile.ts';
import { profileStatements } from '../../../src/domain/profile/profile-statements.ts';
import { wideColumnStatements } from '../../../src/domain/profile/wide-columns.ts';
import { readFigures } from '../../../src/domain/figures/read-figures.ts';
import { readTableProfile } from '../../../src/domain/profile/read-table-profile.ts';

/** The moment that tests profile at. */
export const profiledAt = '2025-07-01T00:00:00.000Z';

/** What a test asks of a profile beyond the table. */
export type ProfileFacts = { readonly previewPercent?: number; readonly at?: string };

/** Measures a table as a run does; `statements` of the profile are the statements themselves. */
export const profileWith = async (
  engine: Engine,
  schema: TableSchema,
  run: (sql: string) => Promise<ResultTable>,
  facts: ProfileFacts = {},
): Promise<TableProfile> => {
  const asked: string[] = [];
  const ask = (sql: string): Promise<ResultTable> => {
    asked.push(sql);
    return run(sql);
  };
  const { previewPercent, at = profiledAt } = facts;
  const estimate = estimateStatement(engine, schema);
  const plan = planProfile(engine, schema, {
    estimate: estimate === undefined ? undefined : readFigures([await ask(estimate)]),
    now: Date.parse(at) / 1_000,
    previewPercent,
  });
  const results: ResultTable[] = [];
  for (const sql of profileStatements(plan)) results.push(await ask(sql));
  for (const sql of wideColumnStatements(plan, readFigures(results))) results.push(await ask(sql));
  return readTableProfile(plan, readFigures(results), { statements: asked, profiled_at: at, milliseconds: 0 });
};
