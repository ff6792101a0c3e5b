import { z } from 'zod';
import { BudgetOverride } from './budget.ts';
import { Name, RunId } from './common.ts';

/**
 * A place in the object store: path segments of letters, digits, `.`, `_` and `-`, each starting with a letter or digit.
 * So a prefix can neither climb (`..`), nor be absolute, nor reach Surveyor's own keys (they start with `_`).
 */
export const Prefix = z
  .string()
  .max(512)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/,
    'path segments of letters, digits, ".", "_" and "-", each starting with a letter or digit, joined by "/"; no leading or trailing "/", no ".."',
  )
  .describe('Where the reports go: {s3_prefix}/{timestamp}/{agent}.html');
export type Prefix = z.infer<typeof Prefix>;

/** The name of a table, as it is addressed. */
export const TableName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}]*$/u, 'no control characters');
export type TableName = z.infer<typeof TableName>;

/** The body of `POST /catalog`. */
export const CatalogRequest = z
  .strictObject({
    db_conn_string: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe('duckdb:///absolute/path.duckdb, or file:///absolute/path of a folder of CSV and Parquet files'),
    dataset: Name.optional().describe('A sample dataset, instead of a connection string'),
    tables: z
      .array(TableName)
      .min(1)
      .max(1_000)
      .readonly()
      .optional()
      .describe('The tables to survey; all of them when absent'),
    s3_prefix: Prefix,
    budget: BudgetOverride.optional(),
  })
  .refine((request) => (request.db_conn_string === undefined) !== (request.dataset === undefined), {
    error: 'name exactly one of db_conn_string and dataset',
  })
  .refine((request) => request.tables === undefined || new Set(request.tables).size === request.tables.length, {
    error: 'a table is named twice',
    path: ['tables'],
  });
export type CatalogRequest = z.infer<typeof CatalogRequest>;

/** The answer to `POST /catalog`: the run has begun. */
export const CatalogAccepted = z.strictObject({
  run_id: RunId,
  status_url: z.string().describe('Path of the run in this API'),
});
export type CatalogAccepted = z.infer<typeof CatalogAccepted>;
