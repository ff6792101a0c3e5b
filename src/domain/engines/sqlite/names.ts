import { quoteTable, type SqlNames, standardNames } from '../../sql-name.ts';

/** How SQLite writes names and texts. Without its schema, a table could not be told from a query of a WITH that has its name. */
export const sqliteNames: SqlNames = { ...standardNames, quoteTable: (table) => `main.${quoteTable(table)}` };
