import type { DatabaseProfile, RunProfile, TableProfile } from '../../contracts/profile.ts';
import type { DigestDatabase, DigestNotVisible, DigestTable, MapRow, ProfileDigest } from '../profile-digest.ts';
import { readerText } from '../reader-advice.ts';
import { type DetailLevel, detailLevels, digestTable } from './digest-table.ts';
import { type FoundInTables, type RankedTable, rankTables } from './rank-tables.ts';

/** The most bytes of a digest: about 25,000 tokens, written to the cache once and read from it in every turn. */
export const digestByteLimit = 60_000;

/**
 * The profile as an agent is given it: a map that names every table, and what was measured of the columns, as much as fits
 * in `limit` bytes of JSON. Where not all fits, the most important tables are told in detail, those with the gravest
 * findings first, and the notice says that the others can be fetched. The map is whole even where it alone is longer.
 */
export const digestProfile = (
  profile: RunProfile,
  found: FoundInTables = { findings: [], relationships: [], keys: [] },
  limit = digestByteLimit,
): ProfileDigest => {
  const ranked = rankTables(profile, found);
  const columns = ranked.reduce((sum, { table }) => sum + table.columns.length, 0);
  // Nothing is tried that cannot fit: 200 tables of 300 columns would take ten seconds of trying.
  for (const level of columns * leastBytes <= limit ? detailLevels.slice(0, -1) : []) {
    const digest = digestOf(profile, ranked, new Map(ranked.map((one) => [one.table, digestTable(one.table, level)])), {
      notice: level.shows && `To fit, it holds ${level.shows}. Fetch all of one table with describe_table.`,
    });
    if (bytes(digest) <= limit) return digest;
  }
  return digestOf(profile, ranked, ...mostImportant(profile, ranked, limit));
};

/** A column takes at least so much: its name, type and kind. */
const leastBytes = 40;

/** So many tables in a row that do not fit any more end the search for one that does. */
const maxMisses = 20;

type Details = ReadonlyMap<TableProfile, DigestTable>;

/** The details of the most important tables, as many as have room beside the map. */
const mostImportant = (
  profile: RunProfile,
  ranked: readonly RankedTable[],
  limit: number,
): readonly [Details, { readonly notice: string }] => {
  const details = new Map<TableProfile, DigestTable>();
  const notice = (): string =>
    `Every table stands in the map; ${details.size} of ${ranked.length} are told in detail, those with the gravest findings and the most rows first and fullest. Fetch all of any table with describe_table.`;
  let left = limit - bytes(digestOf(profile, ranked, details, { notice: notice() })) - 100;
  const levels: readonly DetailLevel[] = detailLevels.slice(1);
  for (let index = 0, misses = 0; index < ranked.length && misses < maxMisses && left > 0; index += 1) {
    const table = ranked[index]?.table;
    if (table === undefined) break;
    // The most important ones may take more; none may take all.
    const most = Math.max(left / 3, Math.min(left, 2_000));
    const detail = levels
      .filter((level) => Math.min(level.columns, table.columns.length) * leastBytes <= most)
      .map((level) => digestTable(table, level))
      .find((one) => bytes(one) + 1 <= most);
    misses = detail === undefined ? misses + 1 : 0;
    if (detail === undefined) continue;
    details.set(table, detail);
    left -= bytes(detail) + 1;
  }
  return [details, { notice: notice() }];
};

const digestOf = (
  profile: RunProfile,
  ranked: readonly RankedTable[],
  details: Details,
  { notice }: { readonly notice?: string | undefined },
): ProfileDigest => {
  const rows = new Map(ranked.map((one) => [one.table, mapRow(one)]));
  const legend = legendOf(profile);
  return {
    map_columns: ['table', 'rows', 'columns', 'key', 'findings', 'kind'],
    databases: profile.databases.map((database) => digestDatabase(database, rows, details)),
    ...(legend === '' ? {} : { legend }),
    ...(notice === undefined ? {} : { notice }),
  };
};

const mapRow = ({ table: { table, rows, columns, schema }, findings, key }: RankedTable): MapRow => [
  table,
  rows.count,
  columns.length,
  key.join(', '),
  findings,
  ...(schema.kind === 'table' || schema.kind === 'file' ? [] : [schema.kind]),
];

const digestDatabase = (
  database: DatabaseProfile,
  rows: ReadonlyMap<TableProfile, MapRow>,
  details: Details,
): DigestDatabase => {
  const unnamed = database.failed.slice(maxReasons);
  return {
    source: database.source,
    engine: database.engine,
    engine_version: database.engine_version,
    ...(database.failure === undefined ? {} : { failure: readerText(database.failure).slice(0, 500) }),
    map: database.tables.flatMap((table) => [rows.get(table) ?? []].filter((row): row is MapRow => row.length > 0)),
    tables: database.tables.flatMap((table) => details.get(table) ?? []),
    failed: database.failed
      .slice(0, maxReasons)
      .map(({ table, failure }) => ({ table, reason: readerText(failure).slice(0, 200) })),
    ...(unnamed.length === 0 ? {} : { failed_too: unnamed.map(({ table }) => table) }),
    ...((database.left_out ?? []).length === 0
      ? {}
      : {
          left_out: database.left_out?.slice(0, maxNames).map(({ name, detail }) => `${name}: ${detail}`.slice(0, 200)),
        }),
    ...(database.not_visible.length === 0 ? {} : { not_visible: groupNotVisible(database.not_visible) }),
  };
};

/** The most tables of a database whose failures are told with the reason: one that is lost midway fails all that follow. */
const maxReasons = 40;

/** The most names that are listed of what cannot be seen for one reason. */
const maxNames = 20;

const groupNotVisible = (hidden: DatabaseProfile['not_visible']): readonly DigestNotVisible[] =>
  [...Map.groupBy(hidden, ({ what, detail }) => JSON.stringify([what, detail])).values()]
    .slice(0, maxNames)
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const names = group.slice(0, maxNames).map(({ name }) => name);
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

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
