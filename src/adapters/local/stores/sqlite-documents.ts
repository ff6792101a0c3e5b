import type { SQLInputValue } from 'node:sqlite';
import type * as z from 'zod';
import { storedDocument, storedJson } from '../../stored-document.ts';
import type { SqliteFile, SqliteRow } from '../sqlite-file.ts';

/** A SQLite file whose rows hold documents, which are checked against their contracts when they are read. */
export type SqliteDocuments = {
  readonly file: SqliteFile;
  readonly path: string;
  /** The document of a row. Fails with STORAGE_FAILED on one that is not what the schema says. */
  readonly read: <T>(schema: z.ZodType<T>, row: SqliteRow) => T;
  /** The document of the first row that a query finds. */
  readonly get: <T>(schema: z.ZodType<T>, sql: string, ...values: readonly SQLInputValue[]) => T | undefined;
  /** The documents of all rows that a query finds. */
  readonly all: <T>(schema: z.ZodType<T>, sql: string, ...values: readonly SQLInputValue[]) => readonly T[];
};

/** Documents in the rows of a file. */
export const createSqliteDocuments = (file: SqliteFile, path: string): SqliteDocuments => {
  const read = <T>(schema: z.ZodType<T>, row: SqliteRow): T =>
    storedDocument(schema, storedJson(row['document']), path);
  return {
    file,
    path,
    read,
    get(schema, sql, ...values) {
      const row = file.get(sql, ...values);
      return row === undefined ? undefined : read(schema, row);
    },
    all: (schema, sql, ...values) => file.all(sql, ...values).map((row) => read(schema, row)),
  };
};
