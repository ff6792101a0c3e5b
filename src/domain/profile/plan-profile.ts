import type { Engine, TableSchema } from '../../contracts/schema.ts';
import { dialectOf } from '../engines/profile-sql-of.ts';
import { largestWholeTable } from './figure-limits.ts';
import type { ProfilePlan } from './profile-plan.ts';
import type { Figures } from './read-figures.ts';

/**
 * Decides how a table is measured. `look` is what the statement of `lookAtTable` answered, where there was one;
 * `previewPercent` asks for a sample of that size and nothing else.
 */
export const planProfile = (
  engine: Engine,
  schema: TableSchema,
  facts: { readonly look: Figures | undefined; readonly now: number; readonly previewPercent?: number | undefined },
): ProfilePlan => {
  const { now, previewPercent } = facts;
  const dialect = dialectOf(engine);
  const look = dialect.readLook(schema, facts.look);
  const { count: rows } = look.rows;
  const columns = schema.columns.length;
  const preview = previewPercent !== undefined || rows * columns > dialect.largestPass;
  const percent =
    previewPercent ??
    (rows <= largestWholeTable ? undefined : Number(((100 * dialect.sampleRows(columns)) / rows).toPrecision(3)));
  return {
    engine,
    schema,
    look,
    now,
    preview,
    sample: percent === undefined ? undefined : { method: dialect.sampleMethod(schema, look, preview), percent },
  };
};

/** The statement that asks how large a table is and what the planner knows of it; none where the schema tells. */
export const lookAtTable = (engine: Engine, schema: TableSchema): string | undefined =>
  dialectOf(engine).lookStatement(schema);
