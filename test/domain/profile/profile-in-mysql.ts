import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { TableProfile } from '../../../src/contracts/profile.ts';
import type { ResultTable } from '../../../src/contracts/sandbox.ts';
import type { TableSchema } from '../../../src/contracts/schema.ts';
import { profileWith, type ProfileFacts } from './profile-with.ts';

/** A table as a sandbox's schema has it. */
export const mysqlTable = async (connection: Connection, name: string): Promise<TableSchema> => {
  const [columns] = await connection.query<RowDataPacket[]>(
    `SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, COLUMN_KEY = 'PRI' AS is_key
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
    [name],
  );
  const [[table]] = await connection.query<RowDataPacket[]>(
    'SELECT TABLE_TYPE AS kind FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?',
    [name],
  );
  const key = columns.filter((column) => Number(column['is_key']) === 1).map((column) => String(column['name']));
  return {
    name,
    kind: table?.['kind'] === 'VIEW' ? 'view' : 'table',
    columns: columns.map((column) => ({ name: String(column['name']), type: String(column['type']), nullable: true })),
    constraints: key.length === 0 ? [] : [{ kind: 'primary_key', columns: key }],
  };
};

/** Runs one statement as a sandbox does; a run takes no figure from one that the server warns of. */
export const runInMysql = async (connection: Connection, sql: string): Promise<ResultTable> => {
  const [rows, fields] = await connection.query<RowDataPacket[][]>({ sql, rowsAsArray: true });
  const [warnings] = await connection.query<RowDataPacket[]>('SHOW WARNINGS');
  const told = warnings.filter(({ Level }) => Level !== 'Note');
  if (told.length > 0) throw new Error(`The server warned: ${JSON.stringify(told)} of ${sql}`);
  return {
    columns: fields.map(({ name }) => ({ name, type: '' })),
    values: fields.map((_, column) => rows.map((row) => row[column] as unknown as string | number | null)),
    rows: rows.length,
    truncated: false,
  };
};

/** Measures a table of MySQL or MariaDB as a run does. */
export const profileInMysql = async (
  connection: Connection,
  name: string,
  facts: ProfileFacts = {},
): Promise<TableProfile> =>
  profileWith('mysql', await mysqlTable(connection, name), (sql) => runInMysql(connection, sql), facts);
