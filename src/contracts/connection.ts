import * as z from 'zod';
import { Actor } from './actor.ts';
import { ConnectionString } from './catalog.ts';
import { Name, RunId, Tenant, Timestamp } from './common.ts';
import { SourceKind } from './engine.ts';
import { FailureReport } from './failure-report.ts';
import { Unreadable } from './unreadable.ts';

/** A named database credential as it is stored: all but the credential, which is the secret that it names. */
export const Connection = z.strictObject({
  tenant: Tenant,
  name: Name,
  engine: SourceKind,
  label: z.string().describe('The database without its user and password'),
  secret: z.string().describe('The name of the secret that holds its connection string; every rotation makes another'),
  created_at: Timestamp,
  created_by: Actor.optional().describe('Absent, like rotated_by, where an older version did it'),
  rotated_at: Timestamp.optional().describe('When its connection string was last replaced'),
  rotated_by: Actor.optional(),
  test_run_id: RunId.optional().describe('The run of the last test'),
});
export type Connection = z.infer<typeof Connection>;

/** How the last test of a connection went: whether it opens, as what, and what it shows. */
export const ConnectionTest = z.strictObject({
  run_id: RunId,
  status: z.enum(['running', 'passed', 'failed']),
  started_at: Timestamp,
  ended_at: Timestamp.optional(),
  failure: FailureReport.optional(),
  engine_version: z.string().optional(),
  tables: z.int().nonnegative().optional().describe('That the role can read'),
  not_visible: z.int().nonnegative().optional(),
  role: z.string().optional(),
  writes_elsewhere: z
    .array(z.string())
    .readonly()
    .optional()
    .describe('What the role may change in other databases of the server, which no statement of a survey can name'),
});
export type ConnectionTest = z.infer<typeof ConnectionTest>;

/** A connection as the API shows it. */
export const ConnectionView = z.strictObject({
  ...Connection.omit({ tenant: true, secret: true, test_run_id: true }).shape,
  test: ConnectionTest.optional(),
  moved_from: z
    .string()
    .optional()
    .describe(
      'In the answer to a rotation alone: the database that it led to before, where the new string leads to another',
    ),
});
export type ConnectionView = z.infer<typeof ConnectionView>;

/** One page of connections, by name. */
export const ConnectionPage = z.strictObject({
  connections: z.array(ConnectionView).readonly(),
  unreadable: Unreadable.describe('Names of those of the page that are stored and cannot be read'),
  next_cursor: z.string().optional(),
});
export type ConnectionPage = z.infer<typeof ConnectionPage>;

/** The body of `POST /connections`. */
export const ConnectionRequest = z.strictObject({ name: Name, db_conn_string: ConnectionString });
export type ConnectionRequest = z.infer<typeof ConnectionRequest>;

/** The body of `POST /connections/{name}/rotate`: the string that replaces the one that is kept. */
export const RotationRequest = z.strictObject({ db_conn_string: ConnectionString });
export type RotationRequest = z.infer<typeof RotationRequest>;
