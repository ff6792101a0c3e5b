import type { TableProfile } from '../../contracts/profile.ts';
import type { TableOutline } from './rule.ts';

/** The outlines of a database's measured tables, made once and given to the rules of each. */
export const outlineTables = (tables: readonly TableProfile[]): readonly TableOutline[] => {
  const named = new Set(tables.filter((table) => !isView(table)).flatMap(({ columns }) => columns.map(nameAndKind)));
  return tables.map((table): TableOutline => {
    const keys = new Set(
      table.schema.constraints.flatMap(({ kind, columns }) => (kind === 'foreign_key' ? [] : columns)),
    );
    const firstTime = table.columns.find(({ kind }) => kind === 'time');
    const declared = new Map(table.schema.columns.map((column) => [column.name, column.base_type]));
    return {
      table: table.table,
      rows: table.rows,
      kind: table.schema.kind,
      constraints: table.schema.constraints,
      columns: table.columns
        .filter((column) => keys.has(column.name) || (column.distinct?.share ?? 0) >= 0.9 || column === firstTime)
        .map(({ name, type, kind, distinct, nulls }) => {
          const base_type = declared.get(name);
          return {
            name,
            type,
            kind,
            nulls,
            ...(distinct === undefined ? {} : { distinct }),
            ...(base_type === undefined ? {} : { base_type }),
          };
        }),
      ...(isView(table)
        ? { own_columns: table.columns.filter((column) => !named.has(nameAndKind(column))).map(({ name }) => name) }
        : {}),
    };
  });
};

/** Whether a table’s rows are those of other tables. */
const isView = ({ schema }: TableProfile): boolean => schema.kind === 'view' || schema.kind === 'materialized_view';

const nameAndKind = ({ name, kind }: { readonly name: string; readonly kind: string }): string =>
  `${kind} ${name.toLowerCase()}`;
