import type { Engine } from '../../contracts/engine.ts';
import type { TableSchema } from '../../contracts/schema.ts';
import { engineSql } from '../engines/registry.ts';
import { largestWholeTable } from '../figures/figure-limits.ts';
import type { ProfilePlan } from '../figures/profile-plan.ts';
import type { Figures } from '../figures/read-figures.ts';

/**
 * Decides how a table is measured. `estimate` is what the statement of `estimateStatement` answered, where there was one;
 * `previewPercent` asks for a sample of that size and nothing else.
 */
export const planProfile = (
  engine: Engine,
  schema: TableSchema,
  facts: { readonly estimate: Figures | undefined; readonly now: number; readonly previewPercent?: number | undefined },
): ProfilePlan => {
  const { now, previewPercent } = facts;
  const sql = engineSql[engine].profileSql;
  const estimate = sql.readEstimate(schema, facts.estimate);
  const { count: rows } = estimate.rows;
  const columns = schema.columns.length;
  const preview = previewPercent !== undefined || rows * columns > sql.largestPass;
  const percent =
    previewPercent ??
    (rows <= largestWholeTable ? undefined : Number(((100 * sql.sampleRows(columns)) / rows).toPrecision(3)));
  return {
    engine,
    schema: estimate.columns === undefined ? schema : { ...schema, columns: estimate.columns },
    estimate,
    now,
    preview,
    sample: percent === undefined ? undefined : { method: sql.sampleMethod(schema, estimate, preview), percent },
  };
};

/** The statement that asks how large a table is and what the planner knows of it; none where the schema tells. */
export const estimateStatement = (engine: Engine, schema: TableSchema): string | undefined =>
  engineSql[engine].profileSql.estimateStatement(schema);
