import * as z from 'zod';

/** The engines whose databases are files, which a sandbox opens itself. */
export const FileEngine = z.enum(['duckdb', 'sqlite']);
export type FileEngine = z.infer<typeof FileEngine>;

/** The engines whose databases lie on a server. MariaDB is `mysql`, its version says which it is. */
export const ServerEngine = z.enum(['postgres', 'mysql']);
export type ServerEngine = z.infer<typeof ServerEngine>;

/** The engines, by the SQL they speak: the one list that both registries of engines are held against. */
export const Engine = z.enum([...FileEngine.options, ...ServerEngine.options]);
export type Engine = z.infer<typeof Engine>;

/**
 * What a source of a run can be: a database of an engine, or data files, which DuckDB reads: `files` where the sandbox runs,
 * `objects` in a bucket.
 */
export const SourceKind = z.enum([...Engine.options, 'files', 'objects']);
export type SourceKind = z.infer<typeof SourceKind>;

/** How a connection string to each kind of source is written. */
export const connectionForms = {
  postgres: 'postgresql://user:password@host:5432/database',
  mysql: 'mysql://user:password@host:3306/database',
  duckdb: 'duckdb:///absolute/path.duckdb',
  sqlite: 'sqlite:///absolute/path.sqlite',
  files: 'file:///absolute/path of a folder of data files (CSV, JSON, Parquet, Excel) or of one such file',
  objects: 's3://bucket/prefix of data files (CSV, JSON, Parquet, Excel)',
} as const satisfies Readonly<Record<SourceKind, string>>;
