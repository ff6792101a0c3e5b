import * as z from 'zod';
import type { OpenedDatabase } from '../open-engine.ts';
import type { TableAddress } from '../table-address.ts';
import type { PostgresConnection } from './connect.ts';

const HeirsRow = z.object({ schema_name: z.string(), table_name: z.string() });

/** Tables that others inherit from, without being their partitions, and those whose policies may ask other tables which rows are seen. */
const heirsSql = `
  SELECT DISTINCT n.nspname::text AS schema_name, c.relname::text AS table_name
  FROM pg_catalog.pg_inherits i
  JOIN pg_catalog.pg_class h ON h.oid OPERATOR(pg_catalog.=) i.inhrelid AND NOT h.relispartition
  JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) i.inhparent
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
  UNION
  SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE c.relrowsecurity`;

/** The tables whose plan names others: views and row security by what they read, tables by those that inherit from them. */
export const readOpaque = async (
  connection: PostgresConnection,
  { schema, addresses }: OpenedDatabase,
): Promise<readonly TableAddress[]> => {
  const views = new Set(schema.tables.flatMap(({ name, kind }) => (kind === 'view' ? [name] : [])));
  const parents = await connection.ask(HeirsRow, heirsSql);
  return [
    ...addresses.filter(({ name }) => views.has(name)),
    ...parents.map(({ schema_name, table_name }) => ({ name: table_name, schema: schema_name, table: table_name })),
  ];
};
