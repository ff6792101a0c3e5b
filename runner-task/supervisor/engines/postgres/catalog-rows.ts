import * as z from 'zod';

/** What the queries of catalog-sql.ts answer. `oid` is the table's. */

/** The server, and the role that is connected. */
export const ServerRow = z.object({
  version: z.string(),
  number: z.number(),
  encoding: z.string(),
  role: z.string(),
});
export type ServerRow = z.infer<typeof ServerRow>;

/** A table or view, and what the role may see of it. */
export const TableRow = z.object({
  oid: z.number(),
  schema_name: z.string(),
  table_name: z.string(),
  kind: z.enum(['r', 'p', 'v', 'm', 'f']),
  plain: z.boolean().nullable(),
  may_use: z.boolean(),
  may_read: z.boolean(),
  may_read_some: z.boolean(),
  filtered: z.boolean(),
  estimated_rows: z.number().nullable(),
  comment: z.string().nullable(),
});
export type TableRow = z.infer<typeof TableRow>;

/** A column. */
export const ColumnRow = z.object({
  oid: z.number(),
  name: z.string(),
  type: z.string(),
  base_type: z.string().nullable(),
  nullable: z.boolean(),
  may_read: z.boolean(),
  comment: z.string().nullable(),
});
export type ColumnRow = z.infer<typeof ColumnRow>;

/** A key, or a unique index. */
export const ConstraintRow = z.object({
  oid: z.number(),
  kind: z.enum(['p', 'u', 'f']),
  columns: z.array(z.string()),
  referenced_schema: z.string().nullable(),
  referenced_table: z.string().nullable(),
  referenced_plain: z.boolean().nullable(),
  referenced_columns: z.array(z.string()).nullable(),
});
export type ConstraintRow = z.infer<typeof ConstraintRow>;

/** What a table takes on disk. */
export const SizeRow = z.object({ oid: z.number(), bytes: z.number().nullable() });

/** Where names without a schema are looked for. */
export const SearchPathRow = z.object({ path: z.array(z.string()) });

/** A type that is not the system's. */
export const OwnTypeRow = z.object({ schema: z.string(), name: z.string() });

/** An operator that is not the system's. */
export const OwnOperatorRow = OwnTypeRow.extend({ computes: z.boolean(), captures: z.boolean() });

/** A function that is not the system's. */
export const OwnFunctionRow = OwnOperatorRow.extend({
  of_one: z.boolean(),
  of_rows: z.boolean(),
  of_anything: z.boolean(),
});

/** A table or view whose rows come from another server. */
export const ForeignReaderRow = z.object({ schema_name: z.string(), table_name: z.string(), server: z.string() });
export type ForeignReaderRow = z.infer<typeof ForeignReaderRow>;

/** A table that inherits from another, straight or by others between. Partitions are no tables here. */
export const InheritanceRow = z.object({
  part: z.number(),
  whole: z.number(),
  schema_name: z.string(),
  table_name: z.string(),
  plain: z.boolean().nullable(),
});
export type InheritanceRow = z.infer<typeof InheritanceRow>;

/** A relation that is no table to survey. */
export const BesideRow = z.object({
  schema_name: z.string(),
  name: z.string(),
  plain: z.boolean().nullable(),
  kind: z.string(),
  extension: z.string().nullable(),
});
export type BesideRow = z.infer<typeof BesideRow>;
