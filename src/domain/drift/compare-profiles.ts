import type { ColumnProfile, DatabaseProfile, DriftChange, TableProfile } from '../../contracts/profile.ts';

/** Smaller movements of a null share than this are everyday noise. */
const nullShareMoved = 0.05;
/** A mean that moved by more than one deviation of the earlier values is another population. */
const deviationsMoved = 1;
/** Columns with more distinct values than this are no categories; new values in them mean nothing. */
const maxCategories = 50;

/**
 * What is different in the later of two profiles of one database, table by table in the order of their names. A table that
 * could not be profiled on either side is passed over: nothing is known of it. So is one that only one of the two runs
 * asked for; `asked` names the tables of each, absent where it asked for all.
 */
export const compareProfiles = (
  before: DatabaseProfile,
  after: DatabaseProfile,
  asked: { readonly before?: readonly string[] | undefined; readonly after?: readonly string[] | undefined } = {},
): readonly DriftChange[] => {
  const change = (one: Change): DriftChange => ({ source: after.source, ...one });
  const unknown = new Set([...before.failed, ...after.failed].map(({ table }) => table));
  const old = byName(before.tables);
  const now = byName(after.tables);
  const names = [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => !unknown.has(name) && wasAsked(asked.before, name) && wasAsked(asked.after, name))
    .toSorted();
  return names.flatMap((table) => {
    const [was, is] = [old.get(table), now.get(table)];
    if (was === undefined) return [change({ kind: 'table_added', table, after: rowsText(is) })];
    if (is === undefined) return [change({ kind: 'table_removed', table, before: rowsText(was) })];
    return compareTables(was, is).map(change);
  });
};

/** A change before it is said of which database. */
type Change = Omit<DriftChange, 'source'>;

const wasAsked = (tables: readonly string[] | undefined, name: string): boolean =>
  tables === undefined || tables.includes(name);

const byName = (tables: readonly TableProfile[]): ReadonlyMap<string, TableProfile> =>
  new Map(tables.map((table) => [table.table, table]));

const rowsText = (table: TableProfile | undefined): string => {
  const count = table?.rows.count ?? 0;
  return count === 1 ? '1 row' : `${count.toLocaleString('en-US')} rows`;
};

const compareTables = (was: TableProfile, is: TableProfile): readonly Change[] => {
  const { table } = is;
  const old = new Map(was.columns.map((column) => [column.name, column]));
  const now = new Set(is.columns.map(({ name }) => name));
  return [
    ...(was.rows.count === is.rows.count
      ? []
      : [{ kind: 'rows_changed', table, before: rowsText(was), after: rowsText(is) } as const]),
    ...was.columns
      .filter(({ name }) => !now.has(name))
      .map(({ name, type }) => ({ kind: 'column_removed', table, column: name, before: type }) as const),
    ...is.columns.flatMap((column): readonly Change[] => {
      const earlier = old.get(column.name);
      return earlier === undefined
        ? [{ kind: 'column_added', table, column: column.name, after: column.type }]
        : compareColumns(table, earlier, column);
    }),
  ];
};

const compareColumns = (table: string, was: ColumnProfile, is: ColumnProfile): readonly Change[] => {
  const at = { table, column: is.name };
  if (was.type !== is.type) return [{ kind: 'type_changed', ...at, before: was.type, after: is.type }];
  const changes: Change[] = [];
  if (Math.abs(was.nulls.share - is.nulls.share) >= nullShareMoved) {
    changes.push({ kind: 'nulls_changed', ...at, before: percent(was.nulls.share), after: percent(is.nulls.share) });
  }
  if (was.moments !== undefined && is.moments !== undefined) {
    const moved = Math.abs(is.moments.mean - was.moments.mean);
    if (moved > 0 && moved > deviationsMoved * was.moments.deviation) {
      changes.push({ kind: 'mean_shifted', ...at, before: String(was.moments.mean), after: String(is.moments.mean) });
    }
  }
  const fresh = newCategories(was, is);
  if (fresh.length > 0) changes.push({ kind: 'values_new', ...at, after: fresh.join(', ') });
  return changes;
};

/** Values among the most frequent ones that the earlier profile did not have, where both list every value there is. */
const newCategories = (was: ColumnProfile, is: ColumnProfile): readonly string[] => {
  const known = was.top_values?.values.map(({ value }) => String(value));
  if (
    known === undefined ||
    is.top_values === undefined ||
    (was.distinct?.count ?? Infinity) > Math.min(maxCategories, known.length)
  )
    return [];
  return is.top_values.values.map(({ value }) => String(value)).filter((value) => !known.includes(value));
};

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
