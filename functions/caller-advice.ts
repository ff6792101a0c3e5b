import { adviseWith, type AdviceTable } from '../src/contracts/advice.ts';
import type { FailureReport } from '../src/contracts/failure-report.ts';

/** What is nothing to who calls the API. */
const nothing = (): string => '';

/** Advice as a caller of the API is told it: in requests, and in the fields of their bodies. */
const callerAdvice: AdviceTable = {
  see_schema: () => 'See /openapi.json for what is taken.',
  start_service: () => 'Start one there.',
  see_runs: () => 'GET /runs lists the runs there are.',
  resume_run: ({ run_id }) => `Resume it (POST /runs/${run_id}/resume), and it keeps what it had finished.`,
  start_new_run: () => 'Start a new run (POST /catalog).',
  shorten_run: () => 'Name fewer tables in "tables", or give the agents a smaller "budget".',
  send_connection_string: ({ database }) => `Send it again, as db_conn_string, for ${database}.`,
  see_connections: () => 'GET /connections lists them; POST /connections makes one.',
  see_connection: ({ connection }) =>
    `Look at it (GET /connections/${connection}), and ask again where this is still wanted.`,
  test_connection: ({ connection }) => `POST /connections/${connection}/test opens it once, in a run of its own.`,
  give_credential: ({ connection }) =>
    `Rotate it (POST /connections/${connection}/rotate), or delete it and make it again.`,
  replace_connection: ({ connection }) =>
    `Replace its credential (POST /connections/${connection}/rotate), or delete it first (DELETE /connections/${connection}).`,
  make_connection_again: () => 'Make it again (POST /connections), then start or resume the run.',
  make_other_connection: () => 'Make another connection for it (POST /connections).',
  end_runs_of_connection: () =>
    'Wait for their end or cancel them (POST /runs/{id}/cancel), then delete the connection.',
  see_schedules: () => 'GET /schedules lists them; POST /schedules makes one.',
  see_schedule: ({ schedule }) => `Look at it (GET /schedules/${schedule}), and ask again where this is still wanted.`,
  see_webhooks: () => 'GET /webhooks lists them; POST /webhooks makes one.',
  see_webhook: ({ webhook }) => `Look at it (GET /webhooks/${webhook}), and ask again where this is still wanted.`,
  see_deliveries: ({ webhook }) => `GET /webhooks/${webhook}/deliveries lists them.`,
  name_tables: () => 'Name the ones to survey in "tables".',
  name_fewer_tables: () => 'Name fewer tables in "tables".',
  look_for_table: () => 'Check whether it was dropped or renamed.',
  spare_table: () => 'Survey it when the database has less to do, or leave it out of "tables".',
  keep_view_result: () => 'Keep its result in a table or a materialized view, or leave it out of "tables".',
  open_egress: ({ setting, value }) =>
    `The sandboxes of a deployment reach what its context names: add ${value} to ${setting}, and deploy it again (docs/deploy.md).`,
  ask_for_less: nothing,
  reconnect: () => 'Check that the server runs.',
  submit_report: nothing,
};

/** A failure’s message for a caller of the API. */
export const callerText = (failure: Pick<FailureReport, 'message' | 'advice'>): string =>
  adviseWith(callerAdvice, failure);
