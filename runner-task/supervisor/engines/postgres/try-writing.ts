import * as z from 'zod';
import { quoteName } from '../../../../src/domain/sql-name.ts';
import { addressOf } from '../table-address.ts';
import type { PostgresConnection } from './connect.ts';
import { triedSql } from './role-sql.ts';
import { searchPathOf } from './session.ts';

/** Three statements each, and each that is denied is a line in the server’s log; more would tell nothing more. */
const mostTables = 5;

const TriedRow = z.object({ schema_name: z.string(), table_name: z.string(), column_name: z.string().nullable() });

/**
 * Tries to write outside read-only mode, and changes nothing: EXPLAIN checks what a statement may do and then does not run
 * it, its condition is false besides, and all of it is rolled back. Answers with what would have worked.
 */
export const tryWriting = async (connection: PostgresConnection): Promise<readonly string[]> => {
  const worked: string[] = [];
  const attempt = async (what: string, sql: string): Promise<void> => {
    await connection.send('SAVEPOINT tried');
    try {
      await connection.send(sql);
      worked.push(`${what}, as an EXPLAIN of it showed`);
    } catch (error) {
      // Denied; or not to be told, because the table is locked or gone: then its privileges have to do.
      if (connection.isOver()) throw error;
    }
    await connection.send('ROLLBACK TO SAVEPOINT tried');
  };
  // A server that only follows another takes no READ WRITE, and nothing can be tried at it.
  const begun = await connection
    .send(`BEGIN READ WRITE; SET LOCAL lock_timeout = '200ms'; SET LOCAL search_path = ${searchPathOf([])}`)
    .then(
      () => true,
      () => false,
    );
  try {
    const tables = begun ? await connection.ask(TriedRow, triedSql, [mostTables]) : [];
    for (const { schema_name, table_name, column_name } of tables) {
      const table = `${quoteName(schema_name)}.${quoteName(table_name)}`;
      const { name } = addressOf(schema_name, table_name);
      await attempt(`DELETE on ${name}`, `EXPLAIN DELETE FROM ${table} WHERE false`);
      await attempt(`INSERT on ${name}`, `EXPLAIN INSERT INTO ${table} DEFAULT VALUES`);
      if (column_name === null) continue;
      await attempt(`UPDATE on ${name}`, `EXPLAIN UPDATE ${table} SET ${quoteName(column_name)} = DEFAULT WHERE false`);
    }
  } finally {
    if (!connection.isOver()) await connection.send('ROLLBACK');
  }
  return worked;
};
