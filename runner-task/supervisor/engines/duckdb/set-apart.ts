import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName, quoteText } from '../../../../src/domain/sql-name.ts';
import type { OpenedDatabase } from '../open-engine.ts';

/** Every name here is a system one, lest it be a macro of the file's. */
const capturedSql = `
  SELECT function_name FROM system.main.duckdb_functions() AS own
  WHERE NOT internal AND function_name IN (SELECT function_name FROM system.main.duckdb_functions() AS built_in WHERE internal) LIMIT 1`;

/** What the database is called that a connection reads by itself. */
export const databaseName = async (connection: DuckDBConnection): Promise<string> =>
  String((await connection.runAndReadAll('SELECT system.main.current_database()')).getRows()[0]?.[0]);

/**
 * Whether a file has macros with built-in names: operators are functions too, so that `1 + 2` would be a macro’s call. DuckDB
 * looks for every name in the file first.
 */
export const hasCapturingMacros = async (connection: DuckDBConnection): Promise<boolean> =>
  (await connection.runAndReadAll(capturedSql)).currentRowCount > 0;

/** Whether a schema is called like its database: DuckDB takes `name.table` for neither then. */
export const hasSchemaOfItsName = async (connection: DuckDBConnection, name: string): Promise<boolean> => {
  const sql = `SELECT 1 FROM system.main.duckdb_schemas() WHERE database_name = ${quoteText(name)} AND schema_name ILIKE ${quoteText(name)}`;
  return (await connection.runAndReadAll(sql)).currentRowCount > 0;
};

/** Attaches a file beside an empty database, in which no macro of the file's is found. Answers with the name it is given: another one where its own is taken. */
export const attachFile = async (
  connection: DuckDBConnection,
  path: string,
  name: string,
  isTaken: boolean,
): Promise<string> => {
  const given = isTaken || /^(memory|system|temp)$/i.test(name) ? `${name}_file` : name;
  await connection.run(`ATTACH ${quoteText(path)} AS ${quoteName(given)} (READ_ONLY)`);
  return given;
};

/**
 * Lets the attached tables be found by their names alone: as views of the empty database. Views of the file's go on to find
 * its macros; one that cannot be read says so when it is.
 */
export const showAttached = async (
  connection: DuckDBConnection,
  name: string,
  { schema, addresses }: OpenedDatabase,
): Promise<void> => {
  for (const [index, address] of addresses.entries()) {
    const place = [address.schema ?? 'main', address.table].map(quoteName).join('.');
    await connection.run(`CREATE SCHEMA IF NOT EXISTS memory.${quoteName(address.schema ?? 'main')}`);
    const show = (select: string): Promise<unknown> => connection.run(`CREATE VIEW memory.${place} AS ${select}`);
    await show(`SELECT * FROM ${quoteName(name)}.${place}`).catch((error: unknown) => {
      const reason = quoteText(error instanceof Error ? error.message : String(error));
      const columns = schema.tables[index]?.columns ?? [];
      return show(
        `SELECT ${columns.map((column) => `error(${reason}) AS ${quoteName(column.name)}`).join(', ') || `error(${reason})`}`,
      );
    });
  }
};
