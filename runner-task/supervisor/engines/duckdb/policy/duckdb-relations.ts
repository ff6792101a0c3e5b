import { lookUp } from '../../../../../src/contracts/look-up.ts';
import { namesOf, type NameGroup } from '../../../policy/name-groups.ts';
import { foldAscii } from '../../fold-ascii.ts';

/** The views of DuckDB's system catalog that may be read, by schema. Without: settings, secrets, logs, attached databases. */
const informationSchema: NameGroup = {
  reason: 'what tables, columns and constraints there are',
  names: `tables columns schemata table_constraints key_column_usage referential_constraints constraint_column_usage
    character_sets`,
};
const pgCatalog: NameGroup = {
  reason: 'the same, as PostgreSQL calls it',
  names: `pg_class pg_namespace pg_attribute pg_attrdef pg_constraint pg_index pg_type pg_enum pg_description pg_tables
    pg_views pg_indexes pg_sequences`,
};
const main: NameGroup = {
  reason: 'the same, as DuckDB and SQLite call it',
  names: `duckdb_columns duckdb_constraints duckdb_indexes duckdb_schemas duckdb_tables duckdb_types duckdb_views
    sqlite_master sqlite_schema`,
};

const bySchema: Readonly<Record<string, ReadonlySet<string>>> = {
  information_schema: namesOf([informationSchema]),
  pg_catalog: namesOf([pgCatalog]),
  main: namesOf([main]),
  '': namesOf([main, pgCatalog]),
};

/** Whether a view of the system may be read; without a schema it is looked for in `main` and `pg_catalog`. */
export const mayReadDuckdbSystemRelation = (schema: string, name: string): boolean =>
  lookUp(bySchema, foldAscii(schema))?.has(foldAscii(name)) ?? false;

/** What SHOW may show besides a table: DuckDB keeps its own words for them in the tree. */
export const shownByDuckdb: ReadonlySet<string> = new Set(['"tables"', '__show_tables_expanded']);
