import * as z from 'zod';
import { Name, Timestamp } from './common.ts';
import { FailureReport } from './failure-report.ts';
import { DatabaseRole, LeftOut, NotVisible, TableSchema } from './schema.ts';

/**
 * How far a figure can be trusted: all rows counted, an estimate over all rows, taken from a sample of the rows, or what
 * the database's planner keeps of the table, as old as its last ANALYZE.
 */
export const Basis = z.enum(['exact', 'approximate', 'sample', 'planner']);
export type Basis = z.infer<typeof Basis>;

/** What a column holds, as far as statistics are concerned. */
export const ColumnKind = z.enum(['number', 'text', 'boolean', 'time', 'other']);
export type ColumnKind = z.infer<typeof ColumnKind>;

/** A value as it is shown: numbers as numbers, times and everything else as text in the engine's own notation. */
export const ShownValue = z.union([z.number(), z.string(), z.boolean()]);
export type ShownValue = z.infer<typeof ShownValue>;

/** A computed number, as text where it has more digits than a double. */
export const Measure = z.union([z.number(), z.string()]);
export type Measure = z.infer<typeof Measure>;

/** One bar of a histogram: `from` ≤ value < `to`, the last one closed. Times are in the engine's ISO notation. */
export const HistogramBin = z.strictObject({ from: ShownValue, to: ShownValue, count: z.number().nonnegative() });
export type HistogramBin = z.infer<typeof HistogramBin>;

/** How many of a text column's values look like something; counts are over the same rows as `basis` says. */
export const TextShapes = z.strictObject({
  basis: Basis,
  values: z.number().nonnegative().describe('Non-null values that were looked at'),
  email: z.number().nonnegative(),
  phone: z.number().nonnegative(),
  card: z.number().nonnegative().describe('13 to 19 digits in groups, as payment cards have; not Luhn-checked'),
  ip_address: z.number().nonnegative(),
  uuid: z.number().nonnegative(),
  url: z.number().nonnegative(),
  number: z.number().nonnegative().describe('Text that is a number'),
  time: z.number().nonnegative().describe('Text that is a date or a time'),
  blank: z.number().nonnegative().describe('Empty or white space alone'),
  padded: z.number().nonnegative().describe('White space before or after'),
});
export type TextShapes = z.infer<typeof TextShapes>;

/** The statistics of one column. A group that does not apply to the column's kind is absent. */
export const ColumnProfile = z.strictObject({
  name: z.string(),
  type: z.string(),
  kind: ColumnKind,
  nulls: z.strictObject({ basis: Basis, count: z.number().nonnegative(), share: z.number().min(0).max(1) }),
  undated: z
    .strictObject({ basis: Basis, count: z.number().positive() })
    .optional()
    .describe(
      'Values of a column of times that are no time: ±infinity, 0000-00-00, a month or day of 0, what else SQLite stores',
    ),
  distinct: z
    .strictObject({
      basis: Basis,
      count: z.number().nonnegative(),
      share: z.number().nonnegative().describe('Of the non-null rows'),
    })
    .optional(),
  range: z.strictObject({ basis: Basis, min: ShownValue, max: ShownValue }).optional(),
  moments: z
    .strictObject({ basis: Basis, mean: Measure, deviation: z.number().describe('Of the sample, n−1') })
    .optional(),
  signs: z
    .strictObject({
      basis: Basis,
      zero: z.number().nonnegative(),
      negative: z.number().nonnegative(),
      not_finite: z.number().nonnegative().describe('NaN, infinities, and what else SQLite stores among numbers'),
    })
    .optional(),
  quantiles: z
    .strictObject({
      basis: Basis,
      p01: ShownValue,
      p05: ShownValue,
      p25: ShownValue,
      p50: ShownValue,
      p75: ShownValue,
      p95: ShownValue,
      p99: ShownValue,
    })
    .optional(),
  outliers: z
    .strictObject({
      basis: Basis,
      below: z.number().nonnegative(),
      above: z.number().nonnegative(),
      low_fence: Measure,
      high_fence: Measure,
    })
    .optional()
    .describe('Beyond three interquartile ranges from the quartiles'),
  lengths: z
    .strictObject({ basis: Basis, min: z.number(), max: z.number(), mean: z.number() })
    .optional()
    .describe('Characters of text'),
  top_values: z
    .strictObject({
      basis: Basis,
      values: z.array(z.strictObject({ value: ShownValue, count: z.number().nonnegative() })).readonly(),
    })
    .optional(),
  histogram: z
    .strictObject({
      basis: Basis,
      bins: z.array(HistogramBin).readonly(),
      left_out: z
        .number()
        .positive()
        .optional()
        .describe('Values in none of the bars, as they are infinite or no date'),
    })
    .optional(),
  shapes: TextShapes.optional(),
  freshness: z
    .strictObject({
      basis: Basis,
      newest: z.string(),
      age_seconds: z.number().describe('Against the time of the profile; negative where it lies in the future'),
      in_future: z.number().nonnegative(),
    })
    .optional(),
});
export type ColumnProfile = z.infer<typeof ColumnProfile>;

/** Which rows the figures with the basis `sample` come from. */
export const SampleNote = z.strictObject({
  method: z.string().describe('The engine’s own name, such as system'),
  percent: z.number().positive().max(100),
  rows: z.number().nonnegative(),
});
export type SampleNote = z.infer<typeof SampleNote>;

/** The measured table. */
export const TableProfile = z.strictObject({
  table: z.string(),
  schema: TableSchema,
  rows: z.strictObject({ basis: Basis, count: z.number().nonnegative() }),
  sample: SampleNote.optional(),
  columns: z.array(ColumnProfile).readonly(),
  duplicate_rows: z
    .strictObject({ basis: Basis, count: z.number().nonnegative() })
    .optional()
    .describe('Rows beyond the first of their kind; counted on small tables alone'),
  statements: z.array(z.string()).readonly().describe('Evidence ids of the SQL behind the figures'),
  profiled_at: Timestamp,
  milliseconds: z.number().nonnegative(),
});
export type TableProfile = z.infer<typeof TableProfile>;

/** One measured database: one bad table does not spoil the rest. */
export const DatabaseProfile = z.strictObject({
  source: Name,
  label: z.string(),
  engine: z.string(),
  engine_version: z.string().describe('Empty where the database could not be opened'),
  tables: z.array(TableProfile).readonly(),
  failed: z.array(z.strictObject({ table: z.string(), failure: FailureReport })).readonly(),
  not_visible: z.array(NotVisible).readonly(),
  left_out: z.array(LeftOut).readonly().optional(),
  role: DatabaseRole.optional(),
  failure: FailureReport.optional().describe(
    'Why the database could not be opened; the others were surveyed without it',
  ),
});
export type DatabaseProfile = z.infer<typeof DatabaseProfile>;

/** What a run measured: its databases, in the order of its sources. */
export const RunProfile = z.strictObject({ databases: z.array(DatabaseProfile).min(1).readonly() });
export type RunProfile = z.infer<typeof RunProfile>;
