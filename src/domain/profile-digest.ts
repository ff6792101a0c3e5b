import { z } from 'zod';
import {
  ColumnKind,
  type ColumnProfile,
  type DatabaseProfile,
  type RunProfile,
  ShownValue,
  type TableProfile,
} from '../contracts/profile.ts';
import { NotVisible, TableConstraint } from '../contracts/schema.ts';
import { plainMessage } from './report/plain-message.ts';

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

/** The most bytes of a digest: about 25,000 tokens, written to the cache once and read from it in every turn. */
export const digestByteLimit = 60_000;

/**
 * The profile in at most `limit` bytes of JSON, shared out over all databases: less is said of each column until it fits,
 * then tables are left out, of the database with the most first; the notice says which.
 */
export const digestProfile = (profile: RunProfile, limit = digestByteLimit): ProfileDigest => {
  const columns = profile.databases
    .flatMap(({ tables }) => tables)
    .reduce((sum, table) => sum + table.columns.length, 0);
  // Nothing is tried that cannot fit: 200 tables of 300 columns would take ten seconds of trying.
  for (const level of columns * leastBytes <= limit ? levels : []) {
    const digest = digestAt(profile, level);
    if (bytes(digest) <= limit) return digest;
  }
  const sizes = profile.databases.map(({ tables }) => tables.length);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  let most = Math.min(Math.max(...sizes), Math.floor(limit / leastBytes));
  let digest = digestAt(profile, bare, most);
  for (let size = bytes(digest); size > limit && most > 0; size = bytes(digest)) {
    most = Math.floor(most * Math.min(0.8, (1.2 * limit) / size));
    digest = digestAt(profile, bare, most);
  }
  const left = sizes.reduce((sum, size) => sum + Math.max(0, size - most), 0);
  const leftOut = left === 0 ? '' : ` ${left} of ${all} tables are left out altogether; list them with SQL.`;
  // Which tables nobody looked at is told of each database.
  return { ...digest, notice: `${bare.notice}${leftOut}` };
};

/** A column takes at least so much: its name, type and kind. */
const leastBytes = 40;

type Level = {
  readonly notice?: string;
  readonly left_out?: string;
  readonly columns: number;
  readonly comments: boolean;
  readonly column: (column: ColumnProfile) => DigestColumn;
};

const digestAt = (profile: RunProfile, level: Level, most = Number.POSITIVE_INFINITY): ProfileDigest => {
  const legend = legendOf(profile);
  return {
    databases: profile.databases.map((database) => digestDatabase(database, level, most)),
    ...(legend === '' ? {} : { legend }),
    ...(level.notice === undefined ? {} : { notice: level.notice }),
    ...(level.left_out === undefined ? {} : { left_out: level.left_out }),
  };
};

const digestDatabase = (database: DatabaseProfile, level: Level, most: number): DigestDatabase => ({
  source: database.source,
  engine: database.engine,
  engine_version: database.engine_version,
  ...(database.failure === undefined ? {} : { failure: database.failure.message.slice(0, 500) }),
  tables: database.tables.slice(0, most).map((table) => digestTable(table, level)),
  failed: database.failed
    .slice(0, mostFailed)
    .map(({ table, failure }) => ({ table, reason: plainMessage(failure.message).slice(0, 200) })),
  ...(database.tables.length > most || database.failed.length > mostFailed ? { all: totalsOf(database) } : {}),
  ...(database.not_visible.length === 0 ? {} : { not_visible: groupNotVisible(database.not_visible) }),
});

/** The most tables whose failures are listed of a database: one that is lost midway fails all that follow. */
const mostFailed = 40;

const totalsOf = ({ tables, failed }: DatabaseProfile): DigestTotals => {
  const own = tables.filter(({ schema }) => !schema.kind.endsWith('view'));
  return {
    tables: own.length,
    views: tables.length - own.length,
    rows: own.reduce((sum, { rows }) => sum + rows.count, 0),
    failed: failed.length,
  };
};

/** The most names that are listed of what cannot be seen for one reason. */
const mostNames = 20;

const groupNotVisible = (hidden: DatabaseProfile['not_visible']): readonly DigestNotVisible[] =>
  [...Map.groupBy(hidden, ({ what, detail }) => JSON.stringify([what, detail])).values()]
    .slice(0, mostNames)
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const names = group.slice(0, mostNames).map(({ name }) => name);
      const more = group.length - names.length;
      return [{ what: first.what, names, ...(more === 0 ? {} : { more }), detail: first.detail.slice(0, 200) }];
    });

const legendOf = ({ databases }: RunProfile): string =>
  [
    ...(databases.some(({ tables }) => tables.some(isEstimatedByPlanner))
      ? ['Figures with the basis planner are what the database’s planner keeps, as old as its last ANALYZE.']
      : []),
    ...(databases.some(({ not_visible }) => not_visible.length > 0)
      ? ['What stands under not_visible the role may not see: it may be there or not, so never call it absent.']
      : []),
  ].join(' ');

const isEstimatedByPlanner = ({ rows, columns }: TableProfile): boolean =>
  [rows, ...columns.flatMap((column) => Object.values(column))].some(
    (figure) => typeof figure === 'object' && figure.basis === 'planner',
  );

const digestTable = (table: TableProfile, level: Level): DigestTable => {
  const declared = new Map(table.schema.columns.map((column) => [column.name, column]));
  return {
    table: table.table,
    ...(table.schema.kind === 'table' || table.schema.kind === 'file' ? {} : { kind: table.schema.kind }),
    ...(table.schema.comment === undefined || !level.comments ? {} : { comment: shortText(table.schema.comment, 200) }),
    rows: unlessExact(table.rows),
    ...(table.sample === undefined ? {} : { sample: { percent: table.sample.percent, rows: table.sample.rows } }),
    ...(table.schema.constraints.length === 0 ? {} : { constraints: table.schema.constraints }),
    ...(table.duplicate_rows === undefined ? {} : { duplicate_rows: unlessExact(table.duplicate_rows) }),
    statements: table.statements,
    columns: table.columns.slice(0, level.columns).map((column) => {
      const { base_type, comment } = declared.get(column.name) ?? {};
      return {
        ...level.column(column),
        ...(base_type === undefined ? {} : { base_type }),
        ...(comment === undefined || !level.comments ? {} : { comment: shortText(comment, 200) }),
      };
    }),
    ...(table.columns.length > level.columns ? { columns_left_out: table.columns.length - level.columns } : {}),
  };
};

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

// The type of an enumeration may list a thousand values.
const named = ({ name, type, kind }: ColumnProfile): DigestColumn => ({ name, type: shortText(type, 120), kind });

const tooLarge = (known: string): string =>
  `The run measured more than a survey can weigh at once, so the checks were chosen by ${known} alone. Every figure that was measured stands in the columns of this report.`;

const bare: Level = {
  notice:
    'The database is too wide for its whole profile to be shown: of at most 60 columns a table, names and types alone. Measure what you need with SQL.',
  left_out: tooLarge('the names and types of at most 60 columns a table'),
  columns: 60,
  comments: false,
  column: named,
};

const levels: readonly Level[] = [
  { columns: Number.POSITIVE_INFINITY, comments: true, column: (column) => whole(column, 10) },
  {
    columns: Number.POSITIVE_INFINITY,
    comments: true,
    column: (column) => whole(column, 3),
    notice: 'To fit, at most 3 top values of each column are shown.',
    left_out: tooLarge('at most 3 frequent values of each column'),
  },
  {
    columns: Number.POSITIVE_INFINITY,
    comments: false,
    column: brief,
    notice:
      'To fit, of each column only nulls, distinct values and range are shown. Measure what else you need with SQL.',
    left_out: tooLarge('the missing values, distinct values and range of each column'),
  },
  {
    columns: Number.POSITIVE_INFINITY,
    comments: false,
    column: named,
    notice: 'To fit, only the names and types of the columns are shown. Measure what you need with SQL.',
    left_out: tooLarge('the names and types of the columns'),
  },
];

const bytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

const unlessExact = <T extends { readonly basis: string }>({ basis: how, ...figures }: T) => ({
  ...figures,
  ...(how === 'exact' ? {} : { basis: how as 'approximate' | 'sample' | 'planner' }),
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

const shortValue = (value: ShownValue): ShownValue => (typeof value === 'string' ? shortText(value, 80) : value);

const shortText = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;

const defined = <T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
