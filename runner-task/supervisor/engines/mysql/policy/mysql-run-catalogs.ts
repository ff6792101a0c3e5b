import { mysqlNames } from '../../../../../src/domain/engines/mysql/names.ts';
import type { TableAddress } from '../../table-address.ts';

/** The catalogs of a database as a run of some tables sees them: what SELECT stands for each, by its name in lower case. */
export type MysqlRunCatalogs = ReadonlyMap<string, string>;

const { quoteText } = mysqlNames;

/** The server works out a query with a limit by itself: no condition of the statement’s is looked at before. */
const apart = 'LIMIT 18446744073709551615';

/** What a view is made of may be outside the run, and its text names it. */
const viewColumns = `c.TABLE_CATALOG, c.TABLE_SCHEMA, c.TABLE_NAME, NULL AS VIEW_DEFINITION, c.CHECK_OPTION, c.IS_UPDATABLE,
  c.DEFINER, c.SECURITY_TYPE, c.CHARACTER_SET_CLIENT, c.COLLATION_CONNECTION`;

/** Makes them. Names are compared byte by byte, as they stand in the catalog. */
export const createMysqlRunCatalogs = (tables: readonly TableAddress[], database: string): MysqlRunCatalogs => {
  const names = tables.map(({ table }) => quoteText(table)).join(', ');
  const isOwn = (name: string): string => `CAST(${name} AS BINARY) IN (${names})`;
  const isHere = (schema: string): string => `${schema} = ${quoteText(database)}`;
  const ofTable = `${isHere('c.TABLE_SCHEMA')} AND ${isOwn('c.TABLE_NAME')}`;
  const inside = `(c.REFERENCED_TABLE_NAME IS NULL OR ${isOwn('c.REFERENCED_TABLE_NAME')})`;
  const outside = `SELECT k.CONSTRAINT_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS AS k
    WHERE ${isHere('k.CONSTRAINT_SCHEMA')} AND k.TABLE_NAME = c.TABLE_NAME AND NOT ${isOwn('k.REFERENCED_TABLE_NAME')}`;
  const filters: Readonly<Record<string, string>> = {
    tables: ofTable,
    columns: ofTable,
    statistics: ofTable,
    partitions: ofTable,
    views: ofTable,
    column_statistics: `${isHere('c.SCHEMA_NAME')} AND ${isOwn('c.TABLE_NAME')}`,
    key_column_usage: `${ofTable} AND ${inside}`,
    table_constraints: `${ofTable} AND NOT (c.CONSTRAINT_TYPE = 'FOREIGN KEY' AND c.CONSTRAINT_NAME IN (${outside}))`,
    referential_constraints: `${isHere('c.CONSTRAINT_SCHEMA')} AND ${isOwn('c.TABLE_NAME')} AND ${inside}`,
    schemata: `c.SCHEMA_NAME IN (${quoteText(database)}, 'information_schema')`,
    character_sets: 'TRUE',
    collations: 'TRUE',
    collation_character_set_applicability: 'TRUE',
  };
  return new Map(
    Object.entries(filters).map(([name, filter]) => [
      name,
      `(SELECT ${name === 'views' ? viewColumns : 'c.*'} FROM information_schema.${name.toUpperCase()} AS c WHERE ${filter} ${apart})`,
    ]),
  );
};
