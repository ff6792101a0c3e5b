import type { DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import type { ColumnSchema, TableConstraint, TableSchema } from '../../../../src/contracts/schema.ts';
import { addressOf, type TableAddress } from '../table-address.ts';
import type { OpenedDatabase } from '../open-engine.ts';
import type { LoadedFiles } from './files/load-files.ts';

const here = 'database_name = $database';

const TableRow = z.object({
  schema_name: z.string(),
  table_name: z.string(),
  kind: z.enum(['table', 'view']),
  comment: z.string().nullable(),
  estimated_rows: z.number().nullable(),
});
const tablesSql = `
  FROM (SELECT schema_name, table_name, 'table' AS kind, comment, estimated_size::DOUBLE AS estimated_rows
  FROM duckdb_tables() WHERE ${here} AND NOT internal
  UNION ALL
  SELECT schema_name, view_name, 'view', comment, NULL FROM duckdb_views() WHERE ${here} AND NOT internal)
  ORDER BY schema_name <> 'main', schema_name, table_name`;

const ColumnRow = z.object({
  schema_name: z.string(),
  table_name: z.string(),
  column_name: z.string(),
  data_type: z.string(),
  is_nullable: z.boolean(),
  comment: z.string().nullable(),
});
const columnsSql = `
  SELECT schema_name, table_name, column_name, data_type, is_nullable, comment
  FROM duckdb_columns() WHERE ${here} AND NOT internal ORDER BY column_index`;

const ConstraintRow = z.object({
  schema_name: z.string(),
  table_name: z.string(),
  kind: z.enum(['primary_key', 'unique', 'foreign_key']),
  columns: z.array(z.string()),
  referenced_table: z.string().nullable(),
  referenced_columns: z.array(z.string()).nullable(),
});
const constraintsSql = `
  SELECT schema_name, table_name, lower(replace(constraint_type, ' ', '_')) AS kind, constraint_column_names AS columns,
         referenced_table, referenced_column_names AS referenced_columns
  FROM duckdb_constraints()
  WHERE ${here} AND constraint_type IN ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY') ORDER BY constraint_index`;

const read = async <T>(
  connection: DuckDBConnection,
  sql: string,
  row: z.ZodType<T>,
  values?: Record<string, string>,
): Promise<readonly T[]> => {
  const rows = await connection.runAndReadAll(sql, values);
  return z.array(row).parse(rows.getRowObjectsJS());
};

const addressOfRow = ({ schema_name, table_name }: { schema_name: string; table_name: string }): TableAddress =>
  addressOf(schema_name === 'main' ? undefined : schema_name, table_name);

const columnOf = ({ column_name, data_type, is_nullable, comment }: z.infer<typeof ColumnRow>): ColumnSchema => ({
  name: column_name,
  type: data_type,
  nullable: is_nullable,
  ...(comment === null ? {} : { comment }),
});

const constraintOf = (row: z.infer<typeof ConstraintRow>): TableConstraint => ({
  kind: row.kind,
  columns: row.columns,
  // DuckDB allows no foreign key out of a schema, so the schema is the table's own.
  ...(row.kind === 'foreign_key' && row.referenced_table !== null
    ? {
        references: {
          table: addressOfRow({ schema_name: row.schema_name, table_name: row.referenced_table }).name,
          columns: row.referenced_columns ?? [],
        },
      }
    : {}),
});

/** The tables and views of one database as DuckDB's catalog declares them. `loaded` are those that were made of files. */
export const readSchema = async (
  connection: DuckDBConnection,
  database: string,
  loaded: LoadedFiles | undefined,
): Promise<OpenedDatabase> => {
  const tables = await read(connection, tablesSql, TableRow, { database });
  const nameOf = (row: { schema_name: string; table_name: string }): string => addressOfRow(row).name;
  const columns = Map.groupBy(await read(connection, columnsSql, ColumnRow, { database }), nameOf);
  const constraints = Map.groupBy(await read(connection, constraintsSql, ConstraintRow, { database }), nameOf);
  const [version] = await read(connection, 'SELECT version() AS version', z.object({ version: z.string() }));

  const files = new Map(loaded?.tables.map((table) => [table.table, table]));
  const tableOf = (row: z.infer<typeof TableRow>): TableSchema => {
    const name = nameOf(row);
    const { bytes, notes = [] } = files.get(row.table_name) ?? {};
    return {
      name,
      kind: loaded ? 'file' : row.kind,
      columns: (columns.get(name) ?? []).map(columnOf),
      constraints: (constraints.get(name) ?? []).map(constraintOf),
      ...(row.estimated_rows === null ? {} : { estimated_rows: row.estimated_rows }),
      ...(bytes === undefined ? {} : { bytes }),
      ...(row.comment === null ? {} : { comment: row.comment }),
      ...(notes.length === 0 ? {} : { notes }),
    };
  };
  return {
    schema: {
      engine: 'duckdb',
      engine_version: version?.version ?? 'unknown',
      default_schema: 'main',
      tables: [
        ...tables.map(tableOf),
        // Whoever asks for a table is told which there are; of these no more is known.
        ...(loaded?.unread ?? []).map((name): TableSchema => ({ name, kind: 'file', columns: [], constraints: [] })),
      ],
      not_visible: [],
      ...(loaded === undefined || loaded.left_out.length === 0 ? {} : { left_out: loaded.left_out }),
    },
    addresses: tables.map(addressOfRow),
  };
};
