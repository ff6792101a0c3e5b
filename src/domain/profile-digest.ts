import { z } from 'zod';
import { ColumnKind, ShownValue } from '../contracts/profile.ts';
import { NotVisible, TableConstraint } from '../contracts/schema.ts';

const basis = z.enum(['approximate', 'sample', 'planner']).optional();
const count = z.number();

/** One column of the digest: the profile’s figures without histograms; a figure without a basis is exact. */
export const DigestColumn = z.object({
  name: z.string(),
  type: z.string(),
  base_type: z.string().optional(),
  kind: ColumnKind,
  comment: z.string().optional(),
  nulls: z.object({ basis, count, share: z.number() }).optional(),
  distinct: z.object({ basis, count, share: z.number() }).optional(),
  range: z.object({ basis, min: ShownValue, max: ShownValue }).optional(),
  moments: z.object({ basis, mean: z.number(), deviation: z.number() }).optional(),
  signs: z.object({ basis, zero: count, negative: count, not_finite: count }).optional(),
  quantiles: z
    .object({ basis, p01: ShownValue, p25: ShownValue, p50: ShownValue, p75: ShownValue, p99: ShownValue })
    .optional(),
  outliers: z.object({ basis, below: count, above: count, low_fence: z.number(), high_fence: z.number() }).optional(),
  lengths: z.object({ basis, min: count, max: count, mean: z.number() }).optional(),
  top_values: z.object({ basis, values: z.array(z.object({ value: ShownValue, count })).readonly() }).optional(),
  shapes: z
    .object({ basis, values: count })
    .catchall(z.union([z.number(), z.string()]))
    .optional(),
  freshness: z.object({ basis, newest: z.string(), age_seconds: z.number(), in_future: count }).optional(),
});
export type DigestColumn = z.infer<typeof DigestColumn>;

/** One table of the digest; what is no plain table says what it is. */
export const DigestTable = z.object({
  table: z.string(),
  kind: z.enum(['view', 'materialized_view', 'partitioned_table', 'foreign_table']).optional(),
  comment: z.string().optional(),
  rows: z.object({ basis, count }),
  sample: z.object({ percent: z.number(), rows: count }).optional(),
  constraints: z.array(TableConstraint).readonly().optional(),
  duplicate_rows: z.object({ basis, count }).optional(),
  statements: z.array(z.string()).readonly(),
  columns: z.array(DigestColumn).readonly(),
  columns_left_out: count.optional(),
});
export type DigestTable = z.infer<typeof DigestTable>;

/** What the role may not see of several things alike: they may be there or not. */
export const DigestNotVisible = z.object({
  what: NotVisible.shape.what,
  names: z.array(z.string()).readonly(),
  more: count.optional(),
  detail: z.string(),
});
export type DigestNotVisible = z.infer<typeof DigestNotVisible>;

/** How much a database holds: tables without views, their rows, and what could not be measured. */
export const DigestTotals = z.object({ tables: count, views: count, rows: count, failed: count });
export type DigestTotals = z.infer<typeof DigestTotals>;

/** One database of the digest. One that could not be opened has no tables and says why. */
export const DigestDatabase = z.object({
  source: z.string(),
  engine: z.string(),
  engine_version: z.string(),
  failure: z.string().optional(),
  tables: z.array(DigestTable).readonly(),
  all: DigestTotals.optional().describe('What there is of each, where not all of it stands here'),
  failed: z.array(z.object({ table: z.string(), reason: z.string() })).readonly(),
  not_visible: z.array(DigestNotVisible).readonly().optional(),
});
export type DigestDatabase = z.infer<typeof DigestDatabase>;

/** A run’s profile as an agent is given it: what it says in a bounded number of bytes, and what was left out. */
export const ProfileDigest = z.object({
  databases: z.array(DigestDatabase).readonly(),
  legend: z.string().optional().describe('How to read what only some databases have'),
  notice: z.string().optional().describe('What was left out'),
  left_out: z.string().optional().describe('The same, as a reader of a report is told'),
});
export type ProfileDigest = z.infer<typeof ProfileDigest>;
