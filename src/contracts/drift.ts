import * as z from 'zod';
import { Name, RunRef } from './common.ts';
import { NotLookedAt } from './finding.ts';

/** One difference between two profiles of the same database. */
export const DriftChange = z.strictObject({
  source: Name,
  kind: z.enum([
    'table_added',
    'table_removed',
    'column_added',
    'column_removed',
    'type_changed',
    'rows_changed',
    'nulls_changed',
    'mean_shifted',
    'values_new',
  ]),
  table: z.string(),
  is_view: z.literal(true).optional().describe('Of a table that came or went: it is a view'),
  column: z.string().optional(),
  before: z.string().optional(),
  after: z.string().optional(),
  since: RunRef.optional().describe(
    'The run that measured the table last, where that is an earlier one than `since` of all',
  ),
});
export type DriftChange = z.infer<typeof DriftChange>;

/** A table or column that could not be compared, because one of the two runs did not look at it. */
export const NotCompared = z.strictObject({
  ...NotLookedAt.omit({ rule: true }).shape,
  column: z.string().optional(),
  by: z.enum(['this_run', 'runs_before']).describe('Who did not look at it'),
});
export type NotCompared = z.infer<typeof NotCompared>;

/** What changed since the last runs under the same prefix; `since` is absent where none surveyed one of these databases. */
export const Drift = z.strictObject({
  since: RunRef.optional(),
  other_databases: z
    .literal(true)
    .optional()
    .describe('There are earlier runs under the prefix, and they surveyed other databases alone'),
  changes: z.array(DriftChange).readonly(),
  not_looked_at: z
    .array(NotCompared)
    .readonly()
    .optional()
    .describe('Neither changed nor unchanged, as far as these runs can tell; least of all removed'),
});
export type Drift = z.infer<typeof Drift>;
