import { Failure } from '../../contracts/failure.ts';
import type { TableSchema } from '../../contracts/schema.ts';
import { nearest } from '../nearest.ts';

/** More tables than these in one run make a report that nobody reads, and payloads near the engine's limit. */
export const maxTables = 1_000;

/**
 * The tables of a run: the ones asked for, in that order, or all. Fails with TABLE_NOT_FOUND (with the names that may have
 * been meant), DATABASE_EMPTY, or INVALID_REQUEST where there are too many.
 */
export const chooseTables = (
  tables: readonly TableSchema[],
  wanted: readonly string[] | undefined,
): readonly TableSchema[] => {
  if (tables.length === 0)
    throw new Failure(
      'DATABASE_EMPTY',
      'The database was opened, and there is no table or view in it that this login can see.',
    );
  if (wanted === undefined) {
    if (tables.length <= maxTables) return tables;
    throw new Failure(
      'INVALID_REQUEST',
      `The database has ${tables.length} tables; a run takes at most ${maxTables}. Name the ones to survey in "tables".`,
      { where: 'body.tables' },
    );
  }
  const byName = new Map(tables.map((table) => [table.name, table]));
  const find = (name: string): TableSchema | undefined => byName.get(name) ?? byName.get(withoutDefault(name, tables));
  const missing = wanted.filter((name) => find(name) === undefined);
  if (missing.length > 0) throw notFound(missing, [...byName.keys()]);
  // Two spellings of one table are one table.
  return [...new Set(wanted.flatMap((name) => find(name) ?? []))];
};

/** The default schemas of PostgreSQL and DuckDB, which stand before no table's name. */
const defaultSchema = /^"?(public|main)"?\./;

/** A name without the default schema before it. A schema that stands before some table is not the default one. */
const withoutDefault = (name: string, tables: readonly TableSchema[]): string => {
  const [prefix = '', schema] = defaultSchema.exec(name) ?? [];
  const isDefault = !tables.some((table) => defaultSchema.exec(table.name)?.[1] === schema);
  return isDefault ? name.slice(prefix.length) : name;
};

/** The part of a table's name behind its schema, without quotes. */
const lastPart = (name: string): string => (/(?:"((?:[^"]|"")*)"|([^".]*))$/.exec(name) ?? []).slice(1).join('');

/** A name in quotes, unless it has its own. */
const quoted = (name: string): string => (name.includes('"') ? name : `"${name}"`);

const meant = (name: string, there: readonly string[]): string | undefined => {
  const last = lastPart(name).toLowerCase();
  return there.find((one) => lastPart(one).toLowerCase() === last) ?? nearest(name, there)[0];
};

const notFound = (missing: readonly string[], there: readonly string[]): Failure => {
  const lines = missing.map((name) => {
    const close = meant(name, there);
    return close === undefined ? quoted(name) : `${quoted(name)} (is ${quoted(close)} meant?)`;
  });
  const some = there.slice(0, 20).join(', ');
  const more = there.length > 20 ? ` and ${there.length - 20} more` : '';
  return new Failure('TABLE_NOT_FOUND', `There is no table ${lines.join(', ')}. There are: ${some}${more}.`, {
    where: 'body.tables',
  });
};
