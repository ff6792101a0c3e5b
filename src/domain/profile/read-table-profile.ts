import type { Basis, TableProfile } from '../../contracts/profile.ts';
import type { ProfilePlan } from './profile-plan.ts';
import { type ColumnBases, readColumnProfile } from './read-column-profile.ts';
import type { Figures } from './read-figures.ts';

/** Puts what the statements of a plan answered together. `context` is what only the caller knows. */
export const readTableProfile = (
  plan: ProfilePlan,
  figures: Figures,
  context: Pick<TableProfile, 'statements' | 'profiled_at' | 'milliseconds'>,
): TableProfile => {
  const { schema, sample, preview, now } = plan;
  const sourceRows = figures.count(undefined, 'source_rows');
  const rows = preview ? sourceRows : figures.count(undefined, 'rows');
  const duplicates = figures.number(undefined, 'duplicate_rows');
  const bases = basesOf(plan);
  return {
    table: schema.name,
    schema,
    rows: preview ? { basis: 'approximate', count: plan.rows } : { basis: 'exact', count: rows },
    ...(sample && { sample: { ...sample, rows: sourceRows } }),
    columns: schema.columns.map((column, index) => readColumnProfile(column, index, figures, { rows, now, bases })),
    ...(duplicates !== undefined && { duplicate_rows: { basis: 'exact' as Basis, count: duplicates } }),
    ...context,
  };
};

const basesOf = ({ sample, preview }: ProfilePlan): ColumnBases => {
  if (sample === undefined) return { pass: 'exact', distinct: 'exact', source: 'exact' };
  return preview
    ? { pass: 'sample', distinct: 'sample', source: 'sample' }
    : { pass: 'exact', distinct: 'approximate', source: 'sample' };
};
