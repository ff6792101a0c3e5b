import type { SQLInputValue } from 'node:sqlite';
import type * as z from 'zod';
import { storableText, storedDocument, storedJson } from '../../../contracts/stored-document.ts';
import type { SqliteFile, SqliteRow } from '../sqlite-file.ts';

/** A SQLite file whose rows hold documents, which are checked against their contracts when they are read and before they are written. */
export type SqliteDocuments = {
  readonly file: SqliteFile;
  readonly path: string;
  /** The document of a row. Fails with STORAGE_FAILED on one that is not what the schema says. */
  readonly read: <T>(schema: z.ZodType<T>, row: SqliteRow) => T;
  /** The document of the first row that a query finds. */
  readonly get: <T>(schema: z.ZodType<T>, sql: string, ...values: readonly SQLInputValue[]) => T | undefined;
  /** A document as it is written in a row. Fails with INTERNAL on one that could not be read again. */
  readonly text: <T>(schema: z.ZodType<T>, document: NoInfer<T>) => string;
  /** Changes a document in its row, if what comes of it can be read; says whether there was one to be changed. */
  readonly change: <T>(schema: z.ZodType<T>, change: RowChange, ...values: readonly SQLInputValue[]) => boolean;
  /** The documents of all rows that a query finds. */
  readonly all: <T>(schema: z.ZodType<T>, sql: string, ...values: readonly SQLInputValue[]) => readonly T[];
};

/** An update of one row’s document; `where` finds the row by the last values. */
export type RowChange = { readonly table: string; readonly set: string; readonly where: string };

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
    text: (schema, document) => storableText(schema, document, path),
    change: (schema, { table, set, where }, ...values) =>
      file.transaction(() => {
        const rows = file.all(`update ${table} set document = ${set} where ${where} returning document`, ...values);
        // Told with what is stored, so that nothing has to be known here of how parts make a whole.
        for (const row of rows) storableText(schema, storedJson(row['document']) as z.infer<typeof schema>, path);
        return rows.length === 1;
      }),
    all: (schema, sql, ...values) => file.all(sql, ...values).map((row) => read(schema, row)),
  };
};
