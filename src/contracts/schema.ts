import * as z from 'zod';
import { Engine } from './engine.ts';

/** One column as the database declares it. */
export const ColumnSchema = z.strictObject({
  name: z.string(),
  type: z.string().describe('The engine’s own name of the type'),
  base_type: z
    .string()
    .optional()
    .describe(
      'What it is made of, where the type itself does not tell: of a domain its base, of an enumeration `enum`',
    ),
  nullable: z.boolean(),
  comment: z.string().optional(),
});
export type ColumnSchema = z.infer<typeof ColumnSchema>;

/** A declared constraint. */
export const TableConstraint = z.strictObject({
  kind: z.enum(['primary_key', 'unique', 'foreign_key']),
  columns: z.array(z.string()).readonly(),
  references: z.strictObject({ table: z.string(), columns: z.array(z.string()).readonly() }).optional(),
  outside: z
    .literal(true)
    .optional()
    .describe('Of a foreign key without `references`: it leads to a table outside this run, of which nothing is told'),
});
export type TableConstraint = z.infer<typeof TableConstraint>;

/**
 * What a reader of a table's figures has to know of how they came about. It names columns, lines and files and holds no
 * value of a row.
 */
export const TableNote = z.strictObject({
  kind: z
    .enum(['left_out', 'aside', 'assumed', 'renamed', 'read_as', 'part_of', 'outside'])
    .describe(
      '`left_out`: rows, columns or values that the figures are without; `aside`: lines that stand in the file and are no rows of it, as titles, comments and empty lines; `assumed`: a reading that might be another; `renamed`: a name that the data do not have so; `read_as`: the form that was found; `part_of`: whose rows are counted elsewhere, too; `outside`: a tie to what the run was not given',
    ),
  columns: z.array(z.string()).readonly().optional().describe('Which it is about; absent: the table'),
  of: z.array(z.string()).readonly().optional().describe('Of `part_of`: the tables of the run that hold its rows too'),
  detail: z.string().describe('The same in a sentence'),
});
export type TableNote = z.infer<typeof TableNote>;

/** One table or view as the database declares it. */
export const TableSchema = z.strictObject({
  name: z.string().describe('As it is addressed: schema-qualified where the schema is not the default one'),
  kind: z.enum(['table', 'view', 'materialized_view', 'partitioned_table', 'foreign_table', 'file']),
  columns: z.array(ColumnSchema).readonly(),
  constraints: z.array(TableConstraint).readonly(),
  estimated_rows: z.number().nonnegative().optional().describe('From the catalog; exact for DuckDB tables'),
  bytes: z.number().nonnegative().optional().describe('Size on disk where the engine tells'),
  comment: z.string().optional(),
  notes: z.array(TableNote).readonly().optional(),
});
export type TableSchema = z.infer<typeof TableSchema>;

/** Something that the role may not see: it may be there or not, so a report must not call it absent. */
export const NotVisible = z.strictObject({
  what: z.enum(['table', 'columns', 'constraints', 'statistics', 'comments']),
  name: z.string().describe('Of the table or schema'),
  tables: z
    .array(z.string())
    .readonly()
    .optional()
    .describe('Of a schema none of whose tables can be seen: their names'),
  columns: z.array(z.string()).readonly().optional().describe('Of the kind `columns`: which of the table’s'),
  detail: z.string().describe('Why it cannot be seen, and which grant would show it'),
});
export type NotVisible = z.infer<typeof NotVisible>;

/** What lies beside the tables and is none: a file of another kind, a link, a sequence. */
export const LeftOut = z.strictObject({
  name: z.string(),
  detail: z.string().describe('What it is, or why it is left out'),
});
export type LeftOut = z.infer<typeof LeftOut>;

/** The role that a database was opened with, and whether it was found to be able to write. */
export const DatabaseRole = z.strictObject({
  name: z.string(),
  can_write: z.boolean(),
  found: z
    .array(z.string())
    .readonly()
    .describe('What it may change, as in `INSERT on public.orders`; the first few of each kind'),
  writes_elsewhere: z
    .array(z.string())
    .readonly()
    .optional()
    .describe('What it may change in other databases of the server, which no statement of a survey can name'),
  lists_only_granted: z
    .literal(true)
    .optional()
    .describe('The server does not list tables of which it was granted nothing, so that one not listed may be there'),
});
export type DatabaseRole = z.infer<typeof DatabaseRole>;

/** What a sandbox sees after it has opened a database. */
export const DatabaseSchema = z.strictObject({
  engine: Engine,
  engine_version: z.string(),
  default_schema: z
    .string()
    .optional()
    .describe('The schema whose tables are named without it; of a MySQL database, its own name'),
  tables: z.array(TableSchema).readonly(),
  not_visible: z.array(NotVisible).readonly().default([]),
  left_out: z.array(LeftOut).readonly().optional(),
  role: DatabaseRole.optional().describe('Absent where there are no roles, as for files'),
});
export type DatabaseSchema = z.infer<typeof DatabaseSchema>;
