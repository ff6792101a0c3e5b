import type { DuckDBConnection } from '@duckdb/node-api';
import type { LeftOut, TableNote } from '../../../../../src/contracts/schema.ts';
import type { DataFormat } from '../../../../../src/domain/engines/duckdb/data-file.ts';

/** One file on disk: by its name as messages give it, and where it really lies. */
export type DiskFile = { readonly name: string; readonly path: string; readonly bytes: number };

/** What was found that becomes a table, or several: a file, or the parts of a data set. */
export type FoundFile = DiskFile & {
  readonly table: string;
  readonly format: DataFormat;
  /** How it is packed by its content; a name need not tell. */
  readonly packing?: 'gzip' | 'zstd';
  /** Ends when its time is over: then nothing more of it is read. */
  readonly signal?: AbortSignal;
  /** What its name and place already tell. */
  readonly notes: readonly TableNote[];
  /** Of a data set: its files, each with the values that its folders give to columns. */
  readonly parts?: readonly DataPart[];
};

/** A file of a data set, and the columns that its folders hold, as in `year=2026/month=03`. */
export type DataPart = DiskFile & { readonly keys: ReadonlyMap<string, string | null> };

/** A table that was made of a file, and what a reader of its figures has to know. */
export type LoadedTable = {
  readonly table: string;
  readonly bytes: number;
  readonly notes: readonly TableNote[];
  /** Files that each statement reads again, since they are too large to be copied; nothing else can be read by its path later. */
  readonly reads: readonly string[];
};

/** Why a file cannot be read, in whole sentences that say what to do. */
export class FileProblem extends Error {}

/** What a format is given beside the file. */
export type LoadContext = {
  /** Whether files are read once, into memory; of others a view is made, and each statement reads them again. */
  readonly copied: boolean;
  /** Whether a table is wanted; what is not is named and not read. */
  readonly isWanted: (table: string) => boolean;
  /** A name for one more table, near the one that is wanted. */
  readonly takeName: (wanted: string) => string;
  /** Tells of something in a file that is no table. */
  readonly leaveOut: (entry: LeftOut) => void;
};

/**
 * How the files of one format become tables. What it throws is why this file cannot be read: the other files are surveyed
 * all the same.
 */
export type FileLoader = {
  /** What the format is called, as in "cannot be read as …". */
  readonly title: string;
  load(connection: DuckDBConnection, file: FoundFile, context: LoadContext): Promise<readonly LoadedTable[]>;
};
