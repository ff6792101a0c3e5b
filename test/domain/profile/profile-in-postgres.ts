import type pg from 'pg';
import type { TableProfile } from '../../../src/contracts/profile.ts';
import type { ResultTable } from '../../../src/contracts/sandbox.ts';
import type { ColumnSchema, TableSchema } from '../../../src/contracts/schema.ts';
import { quoteTable } from '../../../src/domain/sql-name.ts';
import { profileWith, type ProfileFacts } from './profile-with.ts';

/** A table as a sandbox's schema has it. */
export const postgresTable = async (client: pg.Client, name: string): Promise<TableSchema> => {
  const { rows } = await client.query<{
    name: string;
    type: string;
    base: string | null;
    kind: string;
    is_key: boolean;
  }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, relkind AS kind,
       CASE typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN format_type(typbasetype, typtypmod) END AS base,
       EXISTS (SELECT FROM pg_constraint WHERE conrelid = attrelid AND contype = 'p' AND conkey = ARRAY[attnum]) AS is_key
     FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid JOIN pg_class ON pg_class.oid = attrelid
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [quoteTable(name)],
  );
  const kinds = { r: 'table', v: 'view', m: 'materialized_view', p: 'partitioned_table', f: 'foreign_table' } as const;
  return {
    name,
    kind: kinds[(rows[0]?.kind ?? 'r') as keyof typeof kinds],
    columns: rows.map(({ name: column, type, base }): ColumnSchema => ({
      name: column,
      type,
      nullable: true,
      ...(base === null ? {} : { base_type: base }),
    })),
    constraints: rows
      .filter(({ is_key }) => is_key)
      .map(({ name: column }) => ({ kind: 'primary_key' as const, columns: [column] })),
  };
};

/** Runs one statement as a sandbox does, in the extended protocol. */
export const runInPostgres = async (client: pg.Client, sql: string): Promise<ResultTable> => {
  const { fields, rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array', values: [] });
  return {
    columns: fields.map(({ name }) => ({ name, type: '' })),
    values: fields.map((_, column) => rows.map((row) => row[column] as string | number | null)),
    rows: rows.length,
    truncated: false,
  };
};

/** Measures a table of PostgreSQL as a run does. */
export const profileInPostgres = async (
  client: pg.Client,
  name: string,
  facts: ProfileFacts = {},
): Promise<TableProfile> =>
  profileWith('postgres', await postgresTable(client, name), (sql) => runInPostgres(client, sql), facts);
