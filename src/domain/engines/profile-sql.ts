import type { ColumnKind } from '../../contracts/profile.ts';
import type { ColumnSchema, TableSchema } from '../../contracts/schema.ts';
import type { ProfilePlan, TableEstimate } from '../figures/profile-plan.ts';
import type { WideSql } from './wide-sql.ts';
import type { Figures } from '../figures/read-figures.ts';

/**
 * How one engine's tables are measured. The statements of all engines answer with the same figures by the same names, so
 * that one reader makes profiles of them.
 */
export type ProfileSql = {
  /** What a column holds, as far as statistics are concerned. A type that was never heard of is `other`. */
  readonly kindOf: (column: ColumnSchema) => ColumnKind;
  /** Whether its values can be told apart and counted. */
  readonly isCountable: (column: ColumnSchema) => boolean;
  /** The statement that asks how large a table is, what the planner knows of it and what a column holds; none where the schema tells. */
  readonly estimateStatement: (schema: TableSchema) => string | undefined;
  /** What that statement answered, or what the schema tells. */
  readonly readEstimate: (schema: TableSchema, figures: Figures | undefined) => TableEstimate;
  /** Rows that a sample of a large table aims at. */
  readonly sampleRows: (columns: number) => number;
  /** How that sample is drawn; what a profile notes as its method. */
  readonly sampleMethod: (schema: TableSchema, estimate: TableEstimate, preview: boolean) => string;
  /** Rows × columns beyond which a pass over all rows does not end in time. */
  readonly largestPass: number;
  /** Where the distinct values of a large table come from if neither the planner nor a constraint tells them. */
  readonly largeDistinct: 'approximate' | 'sample';
  readonly statements: (plan: ProfilePlan) => readonly string[];
  /** What measures numbers of which a double keeps too few digits. */
  readonly wide: WideSql;
};
