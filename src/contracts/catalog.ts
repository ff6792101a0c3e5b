import * as z from 'zod';
import { connectionForms } from './engine.ts';
import { BudgetOverride } from './budget.ts';
import { Name } from './common.ts';
import { Prefix } from './prefix.ts';

/** The name of a table, as it is addressed. */
export const TableName = z
  .string()
  .min(1)
  .max(128)
  // Written out, since not every reader of JSON Schema knows \p{Cc}.
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'no control characters');
export type TableName = z.infer<typeof TableName>;

/** A connection string as it is given: it may hold a password, so it goes to the secret store and nowhere else. */
export const ConnectionString = z
  .string()
  .min(1)
  // Room for the certificates of a few authorities.
  .max(16_384)
  .describe(`One of ${Object.values(connectionForms).join(', ')}`);
export type ConnectionString = z.infer<typeof ConnectionString>;

const database = {
  connection: Name.optional().describe('A named connection'),
  db_conn_string: ConnectionString.optional(),
  dataset: Name.optional().describe('A sample dataset'),
  tables: z
    .array(TableName)
    .min(1)
    .max(1_000)
    .readonly()
    .optional()
    .describe('The tables to survey; all of them when absent'),
};
type Database = { readonly [F in keyof typeof database]?: z.infer<(typeof database)[F]> };

const namesOne = ({ connection, db_conn_string, dataset }: Database): boolean =>
  [connection, db_conn_string, dataset].filter((place) => place !== undefined).length === 1;

const namesNone = ({ connection, db_conn_string, dataset, tables }: Database): boolean =>
  [connection, db_conn_string, dataset, tables].every((place) => place === undefined);

const namesEachOnce = ({ tables }: Database): boolean => tables === undefined || new Set(tables).size === tables.length;

/** One of several databases of a run. */
export const CatalogSource = z
  .strictObject({
    name: Name.optional().describe('By which the report speaks of it; made up where absent'),
    ...database,
  })
  .refine(namesOne, { error: 'name exactly one of connection, db_conn_string and dataset' })
  .refine(namesEachOnce, { error: 'a table is named twice', path: ['tables'] });
export type CatalogSource = z.infer<typeof CatalogSource>;

/** The body of `POST /catalog`. */
export const CatalogRequest = z
  .strictObject({
    ...database,
    sources: z
      .array(CatalogSource)
      .min(1)
      .max(10)
      .readonly()
      .optional()
      .describe('Several databases, instead of one: one report with a section each'),
    s3_prefix: Prefix,
    budget: BudgetOverride.optional(),
  })
  .refine((request) => (request.sources === undefined ? namesOne(request) : namesNone(request)), {
    error:
      'name exactly one of connection, db_conn_string, dataset and sources; beside sources, tables stand in each of them',
  })
  .refine(namesEachOnce, { error: 'a table is named twice', path: ['tables'] })
  .refine(
    ({ sources = [] }) => {
      const names = sources.flatMap(({ name }) => name ?? []);
      return new Set(names).size === names.length;
    },
    { error: 'two sources have one name', path: ['sources'] },
  );
export type CatalogRequest = z.infer<typeof CatalogRequest>;
