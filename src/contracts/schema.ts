import { z } from 'zod';

/** One column as the database declares it. */
export const ColumnSchema = z.strictObject({
  name: z.string(),
  type: z.string().describe('The engine’s own name of the type'),
  nullable: z.boolean(),
  comment: z.string().optional(),
});
export type ColumnSchema = z.infer<typeof ColumnSchema>;

/** A declared constraint. */
export const TableConstraint = z.strictObject({
  kind: z.enum(['primary_key', 'unique', 'foreign_key']),
  columns: z.array(z.string()).readonly(),
  references: z.strictObject({ table: z.string(), columns: z.array(z.string()).readonly() }).optional(),
});
export type TableConstraint = z.infer<typeof TableConstraint>;

/** One table or view as the database declares it. */
export const TableSchema = z.strictObject({
  name: z.string().describe('As it is addressed: schema-qualified where the schema is not the default one'),
  kind: z.enum(['table', 'view', 'file']),
  columns: z.array(ColumnSchema).readonly(),
  constraints: z.array(TableConstraint).readonly(),
  estimated_rows: z.number().nonnegative().optional().describe('From the catalog; exact for DuckDB tables'),
  bytes: z.number().nonnegative().optional().describe('Size on disk where the engine tells'),
  comment: z.string().optional(),
});
export type TableSchema = z.infer<typeof TableSchema>;

/** What a sandbox sees after it has opened a database. */
export const DatabaseSchema = z.strictObject({
  engine: z.enum(['duckdb']),
  engine_version: z.string(),
  tables: z.array(TableSchema).readonly(),
});
export type DatabaseSchema = z.infer<typeof DatabaseSchema>;
