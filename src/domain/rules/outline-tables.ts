import type { TableProfile } from '../../contracts/profile.ts';
import { isView } from '../is-view.ts';
import { isTime, keyColumns } from './column-roles.ts';
import type { OutlineColumn, TableOutline } from './rule.ts';

/** The outlines of a database's measured tables, made once and given to the rules of each. */
export const outlineTables = (tables: readonly TableProfile[]): readonly TableOutline[] => {
  const named = namesOf(tables);
  const pointedAt = Map.groupBy(
    tables.flatMap(({ schema }) => schema.constraints.flatMap(({ references }) => references ?? [])),
    ({ table }) => table,
  );
  return tables.map((table): TableOutline => {
    const declared = new Map(table.schema.columns.map((column) => [column.name, column.base_type]));
    const columns = table.columns.map(({ name, type, kind, distinct, nulls }): OutlineColumn => {
      const base_type = declared.get(name);
      return {
        name,
        type,
        kind,
        nulls,
        ...(distinct === undefined ? {} : { distinct }),
        ...(base_type === undefined ? {} : { base_type }),
      };
    });
    const { constraints } = table.schema;
    const told = new Set([
      ...constraints.flatMap(({ kind, columns: keys }) => (kind === 'foreign_key' ? [] : keys)),
      // Not all engines ask for a key there.
      ...(pointedAt.get(table.table) ?? []).flatMap((references) => references.columns),
      ...keyColumns({ table: table.table, constraints, columns }).map(({ name }) => name),
      ...columns
        .filter(isTime)
        .slice(0, 1)
        .map(({ name }) => name),
    ]);
    return {
      table: table.table,
      rows: table.rows,
      kind: table.schema.kind,
      constraints,
      columns: columns.filter(({ name }) => told.has(name)),
      ...(isView(table) ? { own_columns: ownColumns(table, named) } : {}),
    };
  });
};

/** The names and kinds of all columns of tables, without those of views. */
export const namesOf = (tables: readonly TableProfile[]): ReadonlySet<string> =>
  new Set(tables.filter((table) => !isView(table)).flatMap(({ columns }) => columns.map(nameAndKind)));

/** The columns of a view that no table has, which alone are looked at in the view. */
export const ownColumns = (view: TableProfile, named: ReadonlySet<string>): readonly string[] =>
  view.columns.filter((column) => !named.has(nameAndKind(column))).map(({ name }) => name);

const nameAndKind = ({ name, kind }: { readonly name: string; readonly kind: string }): string =>
  `${kind} ${name.toLowerCase()}`;
