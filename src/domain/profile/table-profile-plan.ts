import type { ColumnSchema, TableSchema } from '../../contracts/schema.ts';
import type { ColumnType } from './column-type.ts';
import type { CoreFigure } from './core-statements.ts';

/** A column and what is known of its type. `position` is its place in the table. */
export type PlannedColumn = ColumnSchema & { readonly position: number; readonly is: ColumnType };

/** A random part of the table. */
export type PlannedSample = { readonly method: string; readonly percent: number };

/** Which rows the figures are taken from. The core (counts, extremes, moments) and the details may differ. */
export type PlannedRows = {
  readonly core: 'all' | 'sample';
  readonly details: 'all' | 'sample';
  readonly sample?: PlannedSample;
};

/** One statement, and what its result is read as. */
export type PlannedStatement =
  | { readonly purpose: 'core'; readonly sql: string; readonly layout: readonly CoreFigure[] }
  | { readonly purpose: 'details'; readonly sql: string }
  | { readonly purpose: 'duplicates'; readonly sql: string };

/** How one table is measured. */
export type TableProfilePlan = {
  readonly schema: TableSchema;
  readonly columns: readonly PlannedColumn[];
  readonly rows: PlannedRows;
  readonly statements: readonly PlannedStatement[];
};
