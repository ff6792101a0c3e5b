import { Failure } from '../../contracts/failure.ts';
import type { DatabaseSchema, TableSchema } from '../../contracts/schema.ts';
import { nearest } from '../nearest.ts';
import { tableNameParts } from '../sql-name.ts';

/** More tables than these in one run make a report that nobody reads, and payloads near the engine's limit. */
export const maxTables = 1_000;

type Choosable = Pick<DatabaseSchema, 'tables' | 'default_schema'> &
  Partial<Pick<DatabaseSchema, 'not_visible' | 'role'>>;

/**
 * The tables of a run: the ones asked for, in that order, or all. One that the role may not read is left out, and stands
 * among what is not visible. Fails with TABLE_NOT_FOUND (with the names that may have been meant), DATABASE_EMPTY,
 * DATABASE_REFUSED where the role may read none of them, or INVALID_REQUEST where there are too many.
 */
export const chooseTables = (
  { tables, default_schema, not_visible = [], role }: Choosable,
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
  const byAddress = new Map(tables.map((table) => [tableAddress(table.name, default_schema), table]));
  const find = (name: string): TableSchema | undefined => byAddress.get(tableAddress(name, default_schema));
  const hidden = new Map(
    not_visible.flatMap(({ what, name, tables: names = [name], detail }) =>
      what === 'table' ? names.map((one) => [tableAddress(one, default_schema), detail] as const) : [],
    ),
  );
  const absent = wanted.filter((name) => find(name) === undefined);
  const missing = absent.filter((name) => !hidden.has(tableAddress(name, default_schema)));
  if (missing.length > 0)
    throw notFound(
      missing,
      tables.map(({ name }) => name),
      role,
      tables.some(({ kind }) => kind === 'partitioned_table'),
    );
  if (wanted.length > 0 && absent.length === wanted.length)
    throw new Failure(
      'DATABASE_REFUSED',
      `None of the tables that were asked for can be read. ${absent
        .slice(0, 20)
        .map((name) => `${quoted(name)}: ${hidden.get(tableAddress(name, default_schema)) ?? ''}`)
        .join(' ')}`,
      { where: 'body.tables' },
    );
  // Two spellings of one table are one table.
  return [...new Set(wanted.flatMap((name) => find(name) ?? []))];
};

/** A table's name with its schema, the default one where it has none, and whether in quotes or not: equal for one table. */
export const tableAddress = (name: string, defaultSchema = ''): string => {
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

const notFound = (
  missing: readonly string[],
  there: readonly string[],
  role: DatabaseSchema['role'],
  hasPartitions: boolean,
): Failure => {
  const lines = missing.map((name) => {
    const close = meant(name, there);
    return close === undefined ? quoted(name) : `${quoted(name)} (is ${quoted(close)} meant?)`;
  });
  const some = there.slice(0, 20).join(', ');
  const more = there.length > 20 ? ` and ${there.length - 20} more` : '';
  // MySQL lists no table of which the role was granted nothing, so nobody can say that there is none.
  const perhaps =
    role?.lists_only_granted === true
      ? ` A table that is there is not listed while ${role.name} has no grant on it: GRANT SELECT would show it.`
      : '';
  const asPart = hasPartitions
    ? ' A partition is surveyed with the table that it is a part of, and is none of its own.'
    : '';
  return new Failure(
    'TABLE_NOT_FOUND',
    `There is no table ${lines.join(', ')}. There are: ${some}${more}.${asPart}${perhaps}`,
    { where: 'body.tables' },
  );
};
