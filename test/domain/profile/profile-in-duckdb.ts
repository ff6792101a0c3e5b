import type { DuckDBConnection } from '@duckdb/node-api';
import { runStatement } from '../../../runner-task/supervisor/engines/duckdb/run-statement.ts';
import type { TableProfile } from '../../../src/contracts/profile.ts';
import type { ResultTable } from '../../../src/contracts/sandbox.ts';
import type { TableSchema } from '../../../src/contracts/schema.ts';
import { planProfile } from '../../../src/domain/profile/plan-profile.ts';
import { profileStatements } from '../../../src/domain/profile/profile-statements.ts';
import { wideColumnStatements } from '../../../src/domain/profile/wide-columns.ts';
import { readFigures } from '../../../src/domain/figures/read-figures.ts';
import { readTableProfile } from '../../../src/domain/profile/read-table-profile.ts';

const limits = { rows: 100_000, bytes: 32 * 1024 * 1024 };

/** The moment that tests profile at. */
export const profiledAt = '2025-07-01T00:00:00.000Z';

/** A table as a sandbox's schema has it. */
export const tableSchema = async (connection: DuckDBConnection, name: string): Promise<TableSchema> => {
  const read = await connection.runAndReadAll(
    `SELECT column_name AS name, data_type AS type, is_nullable AS nullable
     FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index`,
    [name],
  );
  return { name, kind: 'table', columns: read.getRowObjectsJS() as unknown as TableSchema['columns'], constraints: [] };
};

/** Measures a table as a run does, its results read by the sandbox's own code; `rows` stands for the catalog's estimate. */
export const profileInDuckdb = async (
  connection: DuckDBConnection,
  schema: TableSchema,
  facts: { readonly rows: number; readonly previewPercent?: number; readonly at?: string },
): Promise<TableProfile> => {
  const at = facts.at ?? profiledAt;
  const plan = planProfile(
    'duckdb',
    { ...schema, estimated_rows: facts.rows },
    { estimate: undefined, now: Date.parse(at) / 1_000, previewPercent: facts.previewPercent },
  );
  const results: ResultTable[] = [];
  for (const sql of profileStatements(plan)) {
    results.push(await runStatement(connection, sql, limits));
  }
  for (const sql of wideColumnStatements(plan, readFigures(results))) {
    results.push(await runStatement(connection, sql, limits));
  }
  return readTableProfile(plan, readFigures(results), { statements: [], profiled_at: at, milliseconds: 0 });
};
