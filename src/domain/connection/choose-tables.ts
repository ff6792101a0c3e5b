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
  const missing = wanted.filter((name) => !byName.has(name));
  if (missing.length > 0) throw notFound(missing, [...byName.keys()]);
  return wanted.flatMap((name) => byName.get(name) ?? []);
};

const notFound = (missing: readonly string[], there: readonly string[]): Failure => {
  const lines = missing.map((name) => {
    const [close] = nearest(name, there);
    return close === undefined ? `"${name}"` : `"${name}" (is "${close}" meant?)`;
  });
  const some = there.slice(0, 20).join(', ');
  const more = there.length > 20 ? ` and ${there.length - 20} more` : '';
  return new Failure('TABLE_NOT_FOUND', `There is no table ${lines.join(', ')}. There are: ${some}${more}.`, {
    where: 'body.tables',
  });
};
