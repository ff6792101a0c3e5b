import { randomUUID } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName, quoteText } from '../../../../../src/domain/sql-name.ts';
import type { OpenedDatabase } from '../../open-engine.ts';
import { outsideOf } from '../../outside-of.ts';

/** The database in memory that holds what a run may know of the catalogs: by a name that nothing of a user's has. */
const place = `surveyor_run_${randomUUID().slice(0, 8)}`;

/** Where the run’s part of a catalog is. */
export const runCatalog = (name: string): string => `${place}.main.${quoteName(name)}`;

const schemas = `(SELECT s FROM ${runCatalog('run')} UNION SELECT 'main')`;
const isOwn = (schema: string, table: string, of = 'run'): string =>
  `(${schema}, ${table}) IN (SELECT (s, t) FROM ${runCatalog(of)})`;
/** Stands in the queries for the name of the database that the run’s tables are in. */
const theDatabase = '{the database}';
const here = `database_name = ${theDatabase}`;
const isKey = (schema: string): string =>
  `(${schema}, constraint_name) IN (SELECT (schema_name, constraint_name) FROM ${runCatalog('duckdb_constraints')})`;
/** A name that a key of a table outside has as well tells of that one, too. */
const isOnlyKey = (schema: string): string =>
  `${isKey(schema)} AND (${schema}, constraint_name) NOT IN (SELECT (schema_name, constraint_name) FROM duckdb_constraints()
    WHERE ${here} AND NOT (${isOwn('schema_name', 'table_name')} AND (referenced_table IS NULL OR ${isOwn('schema_name', 'referenced_table')})))`;
const ofTable = `table_catalog = ${theDatabase} AND ${isOwn('table_schema', 'table_name')}`;
const oids = `SELECT table_oid FROM ${runCatalog('duckdb_tables')} UNION ALL SELECT view_oid FROM ${runCatalog('duckdb_views')}
  UNION ALL SELECT index_oid FROM ${runCatalog('duckdb_indexes')}`;
const relationNames = `SELECT table_name FROM ${runCatalog('duckdb_tables')} UNION ALL SELECT view_name FROM ${runCatalog('duckdb_views')}
  UNION ALL SELECT index_name FROM ${runCatalog('duckdb_indexes')}`;
const sqliteRows = `SELECT 'table' AS type, table_name AS name, table_name AS tbl_name, 0 AS rootpage, sql FROM ${runCatalog('duckdb_tables')}
  UNION ALL SELECT 'view', view_name, view_name, 0, sql FROM ${runCatalog('duckdb_views')}
  UNION ALL SELECT 'index', index_name, table_name, 0, sql FROM ${runCatalog('duckdb_indexes')}`;

/** Each catalog by its name, as a query of the run’s part; later ones read earlier ones. */
const queries: Readonly<Record<string, string>> = {
  // A declaration names the tables that its keys lead to, and what a view reads.
  duckdb_tables: `SELECT * REPLACE (CASE WHEN ${isOwn('schema_name', 'table_name', 'leading')} THEN NULL ELSE sql END AS sql)
    FROM duckdb_tables() WHERE ${here} AND ${isOwn('schema_name', 'table_name')}`,
  duckdb_views: `SELECT * REPLACE (NULL::VARCHAR AS sql) FROM duckdb_views() WHERE ${here} AND ${isOwn('schema_name', 'view_name')}`,
  duckdb_columns: `SELECT * FROM duckdb_columns() WHERE ${here} AND ${isOwn('schema_name', 'table_name')}`,
  duckdb_constraints: `SELECT * FROM duckdb_constraints() WHERE ${here} AND ${isOwn('schema_name', 'table_name')}
    AND (referenced_table IS NULL OR ${isOwn('schema_name', 'referenced_table')})`,
  duckdb_indexes: `SELECT * FROM duckdb_indexes() WHERE ${here} AND ${isOwn('schema_name', 'table_name')}`,
  duckdb_schemas: `SELECT * FROM duckdb_schemas() WHERE ${here} AND schema_name IN ${schemas}`,
  // A column tells the labels of its own enumeration; which tables the database's types are used in, no catalog tells.
  duckdb_types: `SELECT * FROM duckdb_types() WHERE internal`,
  sqlite_master: sqliteRows,
  sqlite_schema: sqliteRows,
  'information_schema.tables': `SELECT * FROM information_schema.tables WHERE ${ofTable}`,
  'information_schema.columns': `SELECT * FROM information_schema.columns WHERE ${ofTable}`,
  'information_schema.schemata': `SELECT * FROM information_schema.schemata
    WHERE catalog_name = ${theDatabase} AND schema_name IN ${schemas}`,
  'information_schema.table_constraints': `SELECT * FROM information_schema.table_constraints
    WHERE ${ofTable} AND ${isKey('constraint_schema')}`,
  'information_schema.key_column_usage': `SELECT * FROM information_schema.key_column_usage
    WHERE ${ofTable} AND ${isKey('constraint_schema')}`,
  'information_schema.referential_constraints': `SELECT * FROM information_schema.referential_constraints
    WHERE constraint_catalog = ${theDatabase} AND ${isOnlyKey('constraint_schema')}`,
  'information_schema.constraint_column_usage': `SELECT * FROM information_schema.constraint_column_usage
    WHERE ${ofTable} AND ${isOnlyKey('constraint_schema')}`,
  'information_schema.character_sets': 'SELECT * FROM information_schema.character_sets',
  'pg_catalog.pg_class': `SELECT * FROM pg_catalog.pg_class WHERE oid IN (${oids}) AND relname IN (${relationNames})`,
  'pg_catalog.pg_namespace': `SELECT * FROM pg_catalog.pg_namespace WHERE nspname IN ${schemas}`,
  'pg_catalog.pg_attribute': `SELECT * FROM pg_catalog.pg_attribute WHERE attrelid IN (${oids})`,
  'pg_catalog.pg_attrdef': `SELECT * FROM pg_catalog.pg_attrdef WHERE adrelid IN (${oids})`,
  'pg_catalog.pg_index': `SELECT * FROM pg_catalog.pg_index WHERE indexrelid IN (${oids}) AND indrelid IN (${oids})`,
  'pg_catalog.pg_constraint': `SELECT * FROM pg_catalog.pg_constraint WHERE conrelid IN (${oids})
    AND conname IN (SELECT constraint_text FROM ${runCatalog('duckdb_constraints')})`,
  'pg_catalog.pg_description': `SELECT * FROM pg_catalog.pg_description WHERE objoid IN (${oids})
    AND classoid::BIGINT IN (SELECT database_oid FROM duckdb_databases() WHERE ${here})`,
  'pg_catalog.pg_tables': `SELECT * FROM pg_catalog.pg_tables WHERE ${isOwn('schemaname', 'tablename')}`,
  'pg_catalog.pg_views': `SELECT * REPLACE (NULL::VARCHAR AS definition) FROM pg_catalog.pg_views
    WHERE ${isOwn('schemaname', 'viewname')}`,
  'pg_catalog.pg_indexes': `SELECT * FROM pg_catalog.pg_indexes WHERE ${isOwn('schemaname', 'tablename')}`,
  'pg_catalog.pg_type': `SELECT * FROM pg_catalog.pg_type WHERE typname IN (SELECT type_name FROM ${runCatalog('duckdb_types')})`,
  'pg_catalog.pg_enum': 'SELECT * FROM pg_catalog.pg_enum WHERE false',
};

/** The names of the catalogs that a run of some tables may read. */
export const runCatalogNames: ReadonlySet<string> = new Set(Object.keys(queries));

/** What stands for SHOW TABLES, and for SHOW ALL TABLES. */
export const shownTables = `SELECT table_name AS name FROM ${runCatalog('information_schema.tables')}
  WHERE table_schema = 'main' ORDER BY 1`;
export const allShownTables = `SELECT any_value(database_name) AS database, schema_name AS schema, table_name AS name,
  list(column_name ORDER BY column_index) AS column_names, list(data_type ORDER BY column_index) AS column_types, false AS temporary
  FROM ${runCatalog('duckdb_columns')} GROUP BY schema_name, table_name ORDER BY 2, 3`;

/**
 * Copies what a run of some tables may know of the catalogs: a database that is open for reading does not change. Needs a
 * connection that may still attach.
 */
export const makeRunCatalogs = async (
  connection: DuckDBConnection,
  opened: OpenedDatabase,
  database: string,
): Promise<void> => {
  await connection.run(`ATTACH ':memory:' AS ${place} (READ_WRITE)`);
  const tables = { run: opened.addresses, leading: outsideOf(opened)?.leading ?? [] };
  for (const [name, addresses] of Object.entries(tables)) {
    await connection.run(`CREATE TABLE ${runCatalog(name)} (s VARCHAR, t VARCHAR)`);
    const rows = addresses.map(({ schema, table }) => `(${quoteText(schema ?? 'main')}, ${quoteText(table)})`);
    if (rows.length > 0) await connection.run(`INSERT INTO ${runCatalog(name)} VALUES ${rows.join(', ')}`);
  }
  for (const [name, query] of Object.entries(queries))
    await connection.run(
      `CREATE TABLE ${runCatalog(name)} AS ${query.replaceAll(theDatabase, () => quoteText(database))}`,
    );
};
