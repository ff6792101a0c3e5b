import type { NotVisible, TableConstraint } from '../../../../src/contracts/schema.ts';
import { quoteName } from '../../../../src/domain/sql-name.ts';
import { addressOf } from '../table-address.ts';
import type { TableRow } from './catalog-rows.ts';

/** Up to this many tables of a schema are named one by one; of more it is said how many they are. */
const mostNamed = 20;

/** The name that its table would have in the schema. */
const nameOf = ({ plain, schema_name, table_name }: TableRow): string =>
  addressOf(plain === true ? undefined : schema_name, table_name).name;

const quoted = ({ schema_name, table_name }: TableRow): string => `${quoteName(schema_name)}.${quoteName(table_name)}`;

/** The tables that the role may read nothing of. */
export const hiddenTables = (tables: readonly TableRow[], role: string): readonly NotVisible[] =>
  [...Map.groupBy(tables, ({ schema_name }) => schema_name)].flatMap(([schema, hidden]): readonly NotVisible[] => {
    const usage =
      hidden[0]?.may_use === false ? `GRANT USAGE ON SCHEMA ${quoteName(schema)} TO ${quoteName(role)}; ` : '';
    const grant = (what: string): string => `${usage}GRANT SELECT ON ${what} TO ${quoteName(role)}`;
    if (hidden.length > mostNamed) {
      const all = grant(`ALL TABLES IN SCHEMA ${quoteName(schema)}`);
      const detail = `Role ${role} may read none of ${hidden.length} tables of this schema. ${all} would show them.`;
      return [{ what: 'table', name: schema, tables: hidden.map(nameOf), detail }];
    }
    return hidden.map((table) => ({
      what: 'table',
      name: nameOf(table),
      detail: `Role ${role} may not read it. ${grant(quoted(table))} would show it.`,
    }));
  });

const list = (names: readonly string[]): string =>
  names.length > mostNamed
    ? `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`
    : names.join(', ');

/** The columns of a table of which the role may read others. */
export const hiddenColumns = (table: TableRow, name: string, columns: readonly string[], role: string): NotVisible => ({
  what: 'columns',
  name,
  columns,
  detail: `Role ${role} may not read ${list(columns)}. GRANT SELECT (${list(columns.map(quoteName))}) ON ${quoted(table)} TO ${quoteName(role)} would show them.`,
});

/** Keys of columns that the role may not read. */
export const hiddenConstraints = (name: string, keys: readonly TableConstraint[]): NotVisible => ({
  what: 'constraints',
  name,
  detail: `${list(keys.map(({ kind, columns }) => `${kind.replaceAll('_', ' ')} (${columns.join(', ')})`))}: of columns that cannot be read, so left out. A GRANT SELECT on these columns would show them.`,
});

/** The planner's statistics of a table whose rows are filtered for the role: they are of all rows, so they are kept from it. */
export const withheldStatistics = (name: string, role: string): NotVisible => ({
  what: 'statistics',
  name,
  detail: `Row-level security filters this table for role ${role}, to which the planner's statistics, which are of all rows, are not shown either. ALTER ROLE ${quoteName(role)} BYPASSRLS would show both.`,
});
