import type { DigestDatabase, DigestTable, DigestTotals } from '../profile-digest.ts';

/** Whether a table’s rows are those of other tables. */
export const isView = ({ kind }: DigestTable): boolean => kind === 'view' || kind === 'materialized_view';

/** How much there is of a database, whether or not all of it stands in the digest. */
export const totalsOf = ({ all, tables, failed }: DigestDatabase): DigestTotals => {
  if (all !== undefined) return all;
  const own = tables.filter((table) => !isView(table));
  const rows = own.reduce((sum, table) => sum + table.rows.count, 0);
  return { tables: own.length, views: tables.length - own.length, rows, failed: failed.length };
};

/** How many of a database’s measured tables and views the checks could look at: those whose figures are known. */
export const coverage = (database: DigestDatabase): { readonly looked: number; readonly all: number } => {
  const { tables, views } = totalsOf(database);
  const looked = database.tables.filter(
    ({ columns }) => columns.length === 0 || columns.some(({ nulls }) => nulls !== undefined),
  );
  return { looked: looked.length, all: tables + views };
};

/** Why nothing is known of a database; undefined where at least one table was measured, or there is none. */
export const whyUnknown = (database: DigestDatabase): string | undefined => {
  const { source, failure, failed } = database;
  if (failure !== undefined) return `${source} could not be opened, so nothing is known of it: ${failure}`;
  const totals = totalsOf(database);
  const [first, ...others] = new Set(failed.map(({ reason }) => reason));
  if (first === undefined || totals.tables + totals.views > 0) return undefined;
  const more = others.length > 0 ? ' Not all failed alike: the reason of each stands below.' : '';
  return `No table of ${source} could be measured: ${first}${more}`;
};

/** The tables of a database that hold rows and were measured. */
export const measuredTables = ({ tables }: DigestDatabase): readonly DigestTable[] =>
  tables.filter(
    (table) => !isView(table) && table.rows.count > 0 && table.columns.some(({ nulls }) => nulls !== undefined),
  );

/**
 * The views of a database, each with the columns that no table has under the same name: what is wrong with the others is
 * said of their table, and would be said again of every view.
 */
export const viewsOwnParts = ({ tables }: DigestDatabase): readonly DigestTable[] => {
  const named = new Set(tables.filter((table) => !isView(table)).flatMap(({ columns }) => columns.map(nameAndKind)));
  return tables
    .filter((table) => isView(table) && table.rows.count > 0)
    .map((view) => ({
      ...view,
      columns: view.columns.filter((column) => column.nulls !== undefined && !named.has(nameAndKind(column))),
    }))
    .filter(({ columns }) => columns.length > 0);
};

const nameAndKind = ({ name, kind }: { readonly name: string; readonly kind: string }): string =>
  `${kind} ${name.toLowerCase()}`;
