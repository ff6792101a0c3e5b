import type { DigestDatabase, DigestTable } from '../profile-digest.ts';

/** Whether a table’s rows are those of other tables. */
export const isView = ({ kind }: DigestTable): boolean => kind === 'view' || kind === 'materialized_view';

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
