import type { ColumnProfile, DatabaseProfile, RunProfile, TableProfile } from '../../contracts/profile.ts';
import { readerText } from '../report/reader-advice.ts';
import { briefColumn, namedColumn, shortText, unlessExact, wholeColumn } from './digest-column.ts';
import type {
  DigestColumn,
  DigestDatabase,
  DigestNotVisible,
  DigestTable,
  DigestTotals,
  ProfileDigest,
} from '../profile-digest.ts';

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
  ...(database.failure === undefined ? {} : { failure: readerText(database.failure).slice(0, 500) }),
  tables: database.tables.slice(0, most).map((table) => digestTable(table, level)),
  failed: database.failed
    .slice(0, mostFailed)
    .map(({ table, failure }) => ({ table, reason: readerText(failure).slice(0, 200) })),
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

const tooLarge = (known: string): string =>
  `The run measured more than a survey can weigh at once, so the checks were chosen by ${known} alone. Every figure that was measured stands in the columns of this report.`;

const bare: Level = {
  notice:
    'The database is too wide for its whole profile to be shown: of at most 60 columns a table, names and types alone. Measure what you need with SQL.',
  left_out: tooLarge('the names and types of at most 60 columns a table'),
  columns: 60,
  comments: false,
  column: namedColumn,
};

const levels: readonly Level[] = [
  { columns: Number.POSITIVE_INFINITY, comments: true, column: (column) => wholeColumn(column, 10) },
  {
    columns: Number.POSITIVE_INFINITY,
    comments: true,
    column: (column) => wholeColumn(column, 3),
    notice: 'To fit, at most 3 top values of each column are shown.',
    left_out: tooLarge('at most 3 frequent values of each column'),
  },
  {
    columns: Number.POSITIVE_INFINITY,
    comments: false,
    column: briefColumn,
    notice:
      'To fit, of each column only nulls, distinct values and range are shown. Measure what else you need with SQL.',
    left_out: tooLarge('the missing values, distinct values and range of each column'),
  },
  {
    columns: Number.POSITIVE_INFINITY,
    comments: false,
    column: namedColumn,
    notice: 'To fit, only the names and types of the columns are shown. Measure what you need with SQL.',
    left_out: tooLarge('the names and types of the columns'),
  },
];

const bytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;
