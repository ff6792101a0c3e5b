import { z } from 'zod';
import {
  ColumnKind,
  type ColumnProfile,
  type DatabaseProfile,
  ShownValue,
  type TableProfile,
} from '../contracts/profile.ts';
import { TableConstraint } from '../contracts/schema.ts';

const basis = z.enum(['approximate', 'sample']).optional();
const count = z.number();

/** One column of the digest: the profile’s figures without histograms; a figure without a basis is exact. */
export const DigestColumn = z.object({
  name: z.string(),
  type: z.string(),
  kind: ColumnKind,
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

/** One table of the digest. */
export const DigestTable = z.object({
  table: z.string(),
  rows: z.object({ basis, count }),
  sample: z.object({ percent: z.number(), rows: count }).optional(),
  constraints: z.array(TableConstraint).readonly().optional(),
  duplicate_rows: z.object({ basis, count }).optional(),
  statements: z.array(z.string()).readonly(),
  columns: z.array(DigestColumn).readonly(),
});
export type DigestTable = z.infer<typeof DigestTable>;

/** A profile as an agent is given it: what it says in a bounded number of bytes, and what was left out. */
export const ProfileDigest = z.object({
  engine: z.string(),
  engine_version: z.string(),
  tables: z.array(DigestTable).readonly(),
  failed: z.array(z.object({ table: z.string(), reason: z.string() })).readonly(),
  notice: z.string().optional(),
});
export type ProfileDigest = z.infer<typeof ProfileDigest>;

/** The most bytes of a digest: about 25,000 tokens, written to the cache once and read from it in every turn. */
export const digestByteLimit = 60_000;

/** The profile in at most `limit` bytes of JSON: less is said of each column until it fits, then tables are left out; the notice says which. */
export const digestProfile = (profile: DatabaseProfile, limit = digestByteLimit): ProfileDigest => {
  for (const level of levels) {
    const digest = digestAt(profile, profile.tables, level);
    if (bytes(digest) <= limit) return digest;
  }
  let shown = profile.tables.length;
  let digest = digestAt(profile, profile.tables, bare);
  while (bytes(digest) > limit && shown > 0) {
    shown = Math.floor(shown * 0.8);
    const left = profile.tables.length - shown;
    digest = {
      ...digestAt({ ...profile, failed: profile.failed.slice(0, shown) }, profile.tables.slice(0, shown), bare),
      notice: `${bare.notice} ${left} of ${profile.tables.length} tables are left out altogether; list them with SQL.`,
    };
  }
  return digest;
};

type Level = {
  readonly notice?: string;
  readonly columns: number;
  readonly column: (column: ColumnProfile) => DigestColumn;
};

const digestAt = (profile: DatabaseProfile, tables: readonly TableProfile[], level: Level): ProfileDigest => ({
  engine: profile.engine,
  engine_version: profile.engine_version,
  tables: tables.map((table) => digestTable(table, level)),
  failed: profile.failed.map(({ table, failure }) => ({ table, reason: failure.message.slice(0, 200) })),
  ...(level.notice === undefined ? {} : { notice: level.notice }),
});

const digestTable = (table: TableProfile, level: Level): DigestTable => ({
  table: table.table,
  rows: unlessExact(table.rows),
  ...(table.sample === undefined ? {} : { sample: { percent: table.sample.percent, rows: table.sample.rows } }),
  ...(table.schema.constraints.length === 0 ? {} : { constraints: table.schema.constraints }),
  ...(table.duplicate_rows === undefined ? {} : { duplicate_rows: unlessExact(table.duplicate_rows) }),
  statements: table.statements,
  columns: table.columns.slice(0, level.columns).map(level.column),
});

const whole = (column: ColumnProfile, values: number): DigestColumn =>
  defined({
    ...brief(column),
    moments: column.moments && unlessExact(column.moments),
    signs: column.signs && unlessExact(column.signs),
    quantiles: column.quantiles && unlessExact(pick(column.quantiles)),
    outliers: column.outliers && unlessExact(column.outliers),
    lengths: column.lengths && unlessExact(column.lengths),
    top_values: column.top_values && {
      ...unlessExact(column.top_values),
      values: column.top_values.values
        .slice(0, values)
        .map(({ value, count: times }) => ({ value: shortValue(value), count: times })),
    },
    // Most shapes occur in no value of a column; what is absent is 0.
    shapes: column.shapes && { ...unlessExact(onlySeen(column.shapes)), values: column.shapes.values },
    freshness: column.freshness && unlessExact(column.freshness),
  });

const brief = (column: ColumnProfile): DigestColumn =>
  defined({
    ...named(column),
    nulls: unlessExact(column.nulls),
    distinct: column.distinct && unlessExact(column.distinct),
    range: column.range && {
      ...unlessExact(column.range),
      min: shortValue(column.range.min),
      max: shortValue(column.range.max),
    },
  });

const named = ({ name, type, kind }: ColumnProfile): DigestColumn => ({ name, type, kind });

const bare: Level = {
  notice:
    'The database is too wide for its whole profile to be shown: of at most 60 columns a table, names and types alone. Measure what you need with SQL.',
  columns: 60,
  column: named,
};

const levels: readonly Level[] = [
  { columns: Number.POSITIVE_INFINITY, column: (column) => whole(column, 10) },
  {
    columns: Number.POSITIVE_INFINITY,
    column: (column) => whole(column, 3),
    notice: 'To fit, at most 3 top values of each column are shown.',
  },
  {
    columns: Number.POSITIVE_INFINITY,
    column: brief,
    notice:
      'To fit, of each column only nulls, distinct values and range are shown. Measure what else you need with SQL.',
  },
  {
    columns: Number.POSITIVE_INFINITY,
    column: named,
    notice: 'To fit, only the names and types of the columns are shown. Measure what you need with SQL.',
  },
  bare,
];

const bytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

const unlessExact = <T extends { readonly basis: string }>({ basis: how, ...figures }: T) => ({
  ...figures,
  ...(how === 'exact' ? {} : { basis: how as 'approximate' | 'sample' }),
});

const pick = ({ basis: how, p01, p25, p50, p75, p99 }: NonNullable<ColumnProfile['quantiles']>) => ({
  basis: how,
  p01,
  p25,
  p50,
  p75,
  p99,
});

const onlySeen = (shapes: NonNullable<ColumnProfile['shapes']>) =>
  Object.fromEntries(Object.entries(shapes).filter(([, value]) => value !== 0)) as { basis: string; values: number };

const shortValue = (value: ShownValue): ShownValue =>
  typeof value === 'string' && value.length > 80 ? `${value.slice(0, 79).toWellFormed()}…` : value;

const defined = <T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
