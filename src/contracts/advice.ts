import * as z from 'zod';
import { Name } from './common.ts';

const advice = <K extends string, P extends z.ZodRawShape>(kind: K, parameters: P) =>
  z.strictObject({ kind: z.literal(kind), ...parameters });

const connection = { connection: Name };
const run = { run_id: z.string() };

/**
 * What can be done about a failure, as data: the kind of advice and what it is about. Each reader (caller of the API, command
 * line, model, reader of a report) has one table that makes a sentence of it. What is said to all of them alike is no
 * advice, and stands in the failure's message.
 */
export const Advice = z.discriminatedUnion('kind', [
  advice('see_schema', {}).describe('What the API takes stands in /openapi.json'),
  advice('start_service', {}).describe('No service answers: start one'),

  advice('see_runs', {}).describe('Look which runs there are'),
  advice('resume_run', run).describe('Resume the run: it keeps what it had finished'),
  advice('start_new_run', {}).describe('Start a new run; this one cannot go on'),
  advice('shorten_run', {}).describe('Survey fewer tables, or give the agents a smaller budget'),
  advice('send_connection_string', { ...run, database: z.string() }).describe(
    'Resume the run with its connection string, which is not kept',
  ),

  advice('see_connections', {}).describe('Look which connections there are, or make one'),
  advice('see_connection', connection).describe('Look at the connection, which has changed, and ask again'),
  advice('test_connection', connection).describe('Open the connection once, in a run of its own'),
  advice('give_credential', connection).describe('Rotate the connection, which has no credential'),
  advice('replace_connection', connection).describe('Rotate the connection that has the name, or delete it'),
  advice('make_connection_again', connection).describe('Make the connection again, which was deleted'),
  advice('make_other_connection', {}).describe('Make another connection for this database'),
  advice('end_runs_of_connection', connection).describe('Wait for the runs that use the connection, or cancel them'),

  advice('see_schedules', {}).describe('Look which schedules there are, or make one'),
  advice('see_schedule', { schedule: Name }).describe('Look at the schedule, which has changed, and ask again'),

  advice('see_webhooks', {}).describe('Look which webhooks there are, or make one'),
  advice('see_webhook', { webhook: Name }).describe('Look at the webhook, which has changed, and ask again'),
  advice('see_deliveries', { webhook: Name }).describe('Look which messages there are for the webhook'),

  advice('name_tables', {}).describe('Name the tables to survey'),
  advice('name_fewer_tables', {}).describe('Name fewer tables'),
  advice('look_for_table', {}).describe('The table is not there: it was dropped or renamed, or never there'),
  advice('spare_table', {}).describe('Survey the table when the database has less to do, or leave it out'),
  advice('keep_view_result', {}).describe('Keep the view’s result in a table, or leave the view out'),

  advice('open_egress', {
    setting: z.enum(['databases', 'databaseHosts', 'sourceBuckets']),
    value: z.string(),
  }).describe('Let the sandboxes of the deployment reach it, by a value more in its context'),

  advice('ask_for_less', { database_reopens: z.boolean() }).describe(
    'Send a statement that needs less time or memory; whether the database is opened again for it',
  ),
  advice('reconnect', {}).describe('Try again: the next statement connects anew'),
  advice('submit_report', {}).describe('Submit the report with what has been found'),
]);
export type Advice = z.infer<typeof Advice>;

/** The name of a piece of advice. */
export type AdviceKind = Advice['kind'];

/** One reader's table: the sentences for each kind of advice, none where it is nothing to this reader. */
export type AdviceTable = { readonly [K in AdviceKind]: (advice: Extract<Advice, { readonly kind: K }>) => string };

/** A failure's message, and what can be done about it in the words of a table. */
export const adviseWith = (
  table: AdviceTable,
  { message, advice }: { readonly message: string; readonly advice?: Advice | undefined },
): string => {
  if (advice === undefined) return message;
  // The kind picks both the row and its parameters, which TypeScript cannot follow through a union.
  const sentence = (table[advice.kind] as (advice: Advice) => string)(advice);
  return sentence === '' ? message : `${message}${sentence.startsWith('\n') ? '' : ' '}${sentence}`;
};
