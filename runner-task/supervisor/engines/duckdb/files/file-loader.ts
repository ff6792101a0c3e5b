import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableFile } from './table-names.ts';

/** A file that was found, which becomes a table, or several. */
export type FoundFile = TableFile & { readonly path: string; readonly bytes: number };

/** A table that was made of a file. */
export type LoadedTable = { readonly table: string; readonly bytes: number };

/**
 * How the files of one format become tables. `copied` files are read once, into memory; of others a view is made, and each
 * statement reads them again. What it throws is why this file cannot be read: the other files are surveyed all the same.
 */
export type FileLoader = {
  /** What the format is called, as in "cannot be read as …". */
  readonly title: string;
  load(connection: DuckDBConnection, file: FoundFile, copied: boolean): Promise<readonly LoadedTable[]>;
};
