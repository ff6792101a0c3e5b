import { adviseWith, type AdviceTable } from '../contracts/advice.ts';
import type { FailureReport } from '../contracts/failure-report.ts';

/** What is nothing to who reads a report: it is for those who send requests, commands or SQL. */
const nothing = (): string => '';

/** Advice as a reader of a report is told it, who may know nothing of Surveyor’s commands. */
const readerAdvice: AdviceTable = {
  see_schema: nothing,
  start_service: nothing,
  see_runs: nothing,
  resume_run: () => 'The run can be resumed.',
  start_new_run: () => 'It takes a new run.',
  shorten_run: () => 'Survey fewer tables, or give the agents a smaller budget.',
  send_connection_string: nothing,
  see_connections: nothing,
  see_connection: nothing,
  test_connection: ({ connection }) => `The connection “${connection}” can be tested by itself.`,
  give_credential: ({ connection }) => `Give the connection “${connection}” its credential.`,
  replace_connection: nothing,
  make_connection_again: ({ connection }) => `Make the connection “${connection}” again.`,
  make_other_connection: nothing,
  end_runs_of_connection: nothing,
  see_schedules: nothing,
  see_schedule: nothing,
  see_webhooks: nothing,
  see_webhook: nothing,
  see_deliveries: nothing,
  name_tables: () => 'Name the tables to survey.',
  name_fewer_tables: () => 'Name fewer tables.',
  look_for_table: () => 'Was it dropped or renamed during the survey?',
  spare_table: () => 'Survey it when the database has less to do.',
  keep_view_result: () => 'Keep its result in a table or a materialized view.',
  open_egress: () => 'Whoever deployed Surveyor can let its sandboxes reach it.',
  ask_for_less: nothing,
  reconnect: () => 'Check that the server runs.',
  submit_report: nothing,
};

/** A failure’s message for a reader of a report: without the place in a statement that the reader did not write. */
export const readerText = (failure: Pick<FailureReport, 'message' | 'advice'>): string =>
  adviseWith(readerAdvice, failure);
