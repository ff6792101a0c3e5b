import type { Basis, SampleNote } from '../../contracts/profile.ts';
import type { Engine } from '../../contracts/engine.ts';
import type { ColumnSchema, TableSchema } from '../../contracts/schema.ts';

/** What is known of a table before it is measured. */
export type TableEstimate = {
  /** Decides between whole and sample, and is a figure in a preview alone. */
  readonly rows: { readonly basis: Basis; readonly count: number };
  /** Distinct values of a column by its name, as the planner has them. */
  readonly distinct: ReadonlyMap<string, number>;
  /** The columns as their values show them, where the engine keeps to no declared type. */
  readonly columns?: readonly ColumnSchema[];
  /** The key of whole numbers that ranges can be taken of, where there is one and the engine wants it. */
  readonly keys?: { readonly column: string; readonly least: number; readonly greatest: number } | undefined;
};

/** What is decided of a table before it is measured. */
export type ProfilePlan = {
  readonly engine: Engine;
  readonly schema: TableSchema;
  readonly estimate: TableEstimate;
  /** Which part of a large table quantiles, top values, shapes and histograms come from. */
  readonly sample: Omit<SampleNote, 'rows'> | undefined;
  /** In a preview, and of a table too large for a pass over its rows, everything comes from the sample. */
  readonly preview: boolean;
  /** Seconds since 1970: what the future is measured against. */
  readonly now: number;
};
