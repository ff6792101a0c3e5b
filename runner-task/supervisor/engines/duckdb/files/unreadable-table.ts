import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName, quoteText } from '../../../../../src/domain/sql-name.ts';

/** Makes a table, or what there is of it, one that fails with the reason when it is read: the others are surveyed all the same. */
export const makeUnreadable = async (connection: DuckDBConnection, table: string, reason: string): Promise<void> => {
  const name = quoteName(table);
  for (const kind of ['TABLE', 'VIEW'])
    // What is there is of one of both kinds; the other refuses.
    await connection.run(`DROP ${kind} IF EXISTS ${name}`).catch(() => undefined);
  await connection.run(`CREATE VIEW ${name} AS SELECT error(${quoteText(reason)}) AS unreadable`);
};
