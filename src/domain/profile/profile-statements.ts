import { engineSql } from '../engines/registry.ts';
import type { ProfilePlan } from '../figures/profile-plan.ts';

/**
 * The SQL that measures a table: a pass over all rows for plain aggregates, and a look at the source (all rows of a small
 * table, a sample of a large one) for what needs order, groups or patterns. Names of the answered figures are those of
 * the table’s, and `c{index}_{figure}` for a column’s.
 */
export const profileStatements = (plan: ProfilePlan): readonly string[] =>
  plan.schema.columns.length === 0 ? [rowsAlone(plan)] : engineSql[plan.engine].profileSql.statements(plan);

/** PostgreSQL has tables without columns; they have rows all the same. */
const rowsAlone = ({ engine, schema, preview }: ProfilePlan): string =>
  `SELECT '${preview ? 'source_rows' : 'rows'}' AS name, count(*) AS value, NULL AS count FROM ${engineSql[engine].names.quoteTable(schema.name)}`;
