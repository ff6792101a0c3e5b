import * as z from 'zod';
import { RunRef } from '../contracts/common.ts';
import { Drift } from '../contracts/drift.ts';
import { ChangeState } from '../contracts/change-state.ts';
import { FindingChange } from '../contracts/finding-change.ts';
import { Finding, NotLookedAt } from '../contracts/finding.ts';
import { ColumnKind, Measure, ShownValue } from '../contracts/profile.ts';
import { NotVisible, TableConstraint, TableNote } from '../contracts/schema.ts';

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
  undated: z.object({ basis, count }).optional(),
  distinct: z.object({ basis, count, share: z.number() }).optional(),
  range: z.object({ basis, min: ShownValue, max: ShownValue }).optional(),
  moments: z.object({ basis, mean: Measure, deviation: z.number() }).optional(),
  signs: z.object({ basis, zero: count, negative: count, not_finite: count }).optional(),
  quantiles: z
    .object({ basis, p01: ShownValue, p25: ShownValue, p50: ShownValue, p75: ShownValue, p99: ShownValue })
    .optional(),
  outliers: z.object({ basis, below: count, above: count, low_fence: Measure, high_fence: Measure }).optional(),
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
  notes: z.array(TableNote).readonly().optional(),
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

/** A table of the map: name, rows, columns, key, findings, and what it is where it is no plain table. */
export const MapRow = z.tuple([z.string(), count, count, z.string(), count]).rest(z.string());
export type MapRow = z.infer<typeof MapRow>;

/** One database of the digest. One that could not be opened has no tables and says why. */
export const DigestDatabase = z.object({
  source: z.string(),
  engine: z.string(),
  engine_version: z.string(),
  failure: z.string().optional(),
  map: z.array(MapRow).readonly().describe('Every measured table'),
  tables: z.array(DigestTable).readonly().describe('Those that are told in detail'),
  failed: z.array(z.object({ table: z.string(), reason: z.string() })).readonly(),
  failed_too: z.array(z.string()).readonly().optional().describe('Failed tables whose reason had no room'),
  not_visible: z.array(DigestNotVisible).readonly().optional(),
  left_out: z.array(z.string()).readonly().optional().describe('What lies beside the tables and was not surveyed'),
});
export type DigestDatabase = z.infer<typeof DigestDatabase>;

/** A run’s profile as an agent is given it: every table by name, and of the columns what has room. */
export const ProfileDigest = z.object({
  map_columns: z.array(z.string()).readonly().describe('What the values of a row of a map are'),
  databases: z.array(DigestDatabase).readonly(),
  legend: z.string().optional().describe('How to read what only some databases have'),
  notice: z.string().optional().describe('What was left out, and how to fetch it'),
});
export type ProfileDigest = z.infer<typeof ProfileDigest>;

/** How much there is of a database. */
export const DatabaseSize = z.object({
  source: z.string(),
  engine: z.string(),
  engine_version: z.string(),
  tables: count.describe('Measured ones, views left out'),
  views: count,
  rows: count.describe('Of the tables'),
  is_estimate: z.boolean().optional().describe('Whether the rows of some table are estimated'),
  failed: count.describe('Tables that could not be measured'),
  unknown: z.string().optional().describe('Why nothing is known of it'),
});
export type DatabaseSize = z.infer<typeof DatabaseSize>;

/** One finding as an agent is given it. */
export const DigestFinding = Finding.pick({
  key: true,
  severity: true,
  title: true,
  place: true,
  rows: true,
  of: true,
  basis: true,
  detail: true,
  advice: true,
  evidence: true,
});
export type DigestFinding = z.infer<typeof DigestFinding>;

const SeverityTotals = z.object({ high: count, medium: count, low: count, personal_columns: count });

/** The findings of a run as an agent is given them. */
export const FindingsDigest = z.object({
  totals: SeverityTotals,
  by_source: z.record(z.string(), SeverityTotals),
  findings: z.array(DigestFinding).readonly(),
  notice: z.string().optional(),
  not_looked_at: z
    .array(NotLookedAt.pick({ source: true, table: true, columns: true, rule: true, reason: true, detail: true }))
    .readonly(),
  not_looked_at_too: count.optional().describe('So many more'),
  not_asked: count.describe('Tables that the run was not asked for'),
});
export type FindingsDigest = z.infer<typeof FindingsDigest>;

/** What changed in the figures, as an agent is given it. */
export const DriftDigest = z.object({ ...Drift.shape, more: count.optional().describe('So many more changes') });
export type DriftDigest = z.infer<typeof DriftDigest>;

/** What has become of findings, as an agent is given it: the gravest of each state. */
export const FindingChangesDigest = z.object({
  since: RunRef.optional(),
  without_findings: count.describe('Earlier surveys that kept no findings as data'),
  not_asked: count.describe('Of those not looked at: with tables that were not asked for, and not listed here'),
  totals: z.partialRecord(ChangeState, count),
  changes: z
    .array(
      z.object({
        ...FindingChange.pick({ state: true, before: true, detail: true }).shape,
        ...Finding.pick({ key: true, severity: true, title: true, place: true, rows: true }).shape,
      }),
    )
    .readonly(),
});
export type FindingChangesDigest = z.infer<typeof FindingChangesDigest>;
