import type { Basis, TableProfile } from '../../contracts/profile.ts';
import type { ColumnSchema } from '../../contracts/schema.ts';
import { engineSql } from '../engines/registry.ts';
import type { ProfilePlan } from '../figures/profile-plan.ts';
import type { ColumnBases } from './column-bases.ts';
import { type KnownDistinct, readColumnProfile } from './read-column-profile.ts';
import type { Figures } from '../figures/read-figures.ts';

/** Puts what the statements of a plan answered together. `context` is what only the caller knows. */
export const readTableProfile = (
  plan: ProfilePlan,
  figures: Figures,
  context: Pick<TableProfile, 'statements' | 'profiled_at' | 'milliseconds'>,
): TableProfile => {
  const { schema, sample, preview, now, estimate } = plan;
  const sourceRows = figures.count(undefined, 'source_rows');
  const rows = figures.number(undefined, 'rows') ?? sourceRows;
  const duplicates = figures.number(undefined, 'duplicate_rows');
  const columnContext = {
    rows,
    now,
    isPreview: preview,
    bases: basesOf(plan),
    sql: engineSql[plan.engine].profileSql,
    knownDistinct: knownDistinctOf(plan, rows),
  };
  return {
    table: schema.name,
    schema,
    rows: preview ? estimate.rows : { basis: 'exact', count: rows },
    ...(sample && { sample: { ...sample, rows: sourceRows } }),
    columns: schema.columns.map((column, index) => readColumnProfile(column, index, figures, columnContext)),
    ...(duplicates !== undefined && { duplicate_rows: { basis: 'exact' as Basis, count: duplicates } }),
    ...context,
  };
};

const basesOf = ({ engine, sample, preview }: ProfilePlan): ColumnBases => {
  if (sample === undefined) return { pass: 'exact', distinct: 'exact', values: 'exact' };
  return preview
    ? { pass: 'sample', distinct: 'sample', values: 'sample' }
    : { pass: 'exact', distinct: engineSql[engine].profileSql.largeDistinct, values: 'sample' };
};

/** What is known of a large table’s distinct values; `rows` are those that the columns’ values were counted among. */
const knownDistinctOf =
  ({ engine, schema, sample, preview, estimate }: ProfilePlan, rows: number) =>
  ({ name }: ColumnSchema, values: number): KnownDistinct | undefined => {
    // Small tables are counted, and DuckDB estimates all rows of large ones itself.
    if (sample === undefined || engineSql[engine].profileSql.largeDistinct === 'approximate') return undefined;
    const isKey = schema.constraints.some(
      ({ kind, columns }) => kind !== 'foreign_key' && columns.length === 1 && columns[0] === name,
    );
    if (isKey && !preview) return { basis: 'exact', count: values, share: values === 0 ? 0 : 1 };
    const planned = estimate.distinct.get(name);
    // Not none where there are values: then the planner’s number is older than they are.
    if (planned === undefined || (planned === 0 && values > 0)) return undefined;
    const all = preview && rows > 0 ? Math.round((values / rows) * estimate.rows.count) : values;
    const count = Math.min(planned, all);
    return { basis: 'planner', count, share: all === 0 ? 0 : count / all };
  };
