import { Failure } from '../../contracts/failure.ts';
import type { DatabaseSchema, TableSchema } from '../../contracts/schema.ts';
import { nearest } from '../nearest.ts';
import { tableNameParts } from '../sql-name.ts';

/** More tables than these in one run make a report that nobody reads, and payloads near the engine's limit. */
export const maxTables = 1_000;

/**
 * The tables of a run: the ones asked for, in that order, or all. Fails with TABLE_NOT_FOUND (with the names that may have
 * been meant), DATABASE_EMPTY, or INVALID_REQUEST where there are too many.
 */
export const chooseTables = (
  { tables, default_schema }: Pick<DatabaseSchema, 'tables' | 'default_schema'>,
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
      `The database has ${tables.length} tables; a run takes at most ${maxTables}.`,
      { where: 'body.tables', advice: { kind: 'name_tables' } },
    );
  }
  const byAddress = new Map(tables.map((table) => [address(table.name, default_schema), table]));
  const find = (name: string): TableSchema | undefined => byAddress.get(address(name, default_schema));
  const missing = wanted.filter((name) => find(name) === undefined);
  if (missing.length > 0)
    throw notFound(
      missing,
      tables.map(({ name }) => name),
    );
  // Two spellings of one table are one table.
  return [...new Set(wanted.flatMap((name) => find(name) ?? []))];
};

/** A table's name with its schema, the default one where it has none, and whether in quotes or not: equal for one table. */
const address = (name: string, defaultSchema = ''): string => {
  const parts = tableNameParts(name);
  return JSON.stringify(parts.length === 1 ? [defaultSchema, ...parts] : parts);
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
