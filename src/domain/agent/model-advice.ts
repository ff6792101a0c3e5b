import { adviseWith, type AdviceTable } from '../../contracts/advice.ts';
import type { FailureReport } from '../../contracts/failure-report.ts';

/** What an agent can do nothing about. */
const nothing = (): string => '';

/** Advice as a model is told it, which can send statements and code, and submit its report. */
const modelAdvice: AdviceTable = {
  see_schema: nothing,
  start_service: nothing,
  see_runs: nothing,
  resume_run: nothing,
  start_new_run: nothing,
  shorten_run: nothing,
  send_connection_string: nothing,
  see_connections: nothing,
  see_connection: nothing,
  test_connection: nothing,
  give_credential: nothing,
  replace_connection: nothing,
  make_connection_again: nothing,
  make_other_connection: nothing,
  end_runs_of_connection: nothing,
  see_schedules: nothing,
  see_schedule: nothing,
  see_webhooks: nothing,
  see_webhook: nothing,
  see_deliveries: nothing,
  name_tables: nothing,
  name_fewer_tables: nothing,
  look_for_table: () => 'It was dropped or renamed during the survey, or was never there.',
  spare_table: nothing,
  keep_view_result: nothing,
  open_egress: nothing,
  ask_for_less: ({ database_reopens }) =>
    database_reopens ? 'Ask for less at once; the next statement opens the database again.' : 'Ask for less at once.',
  reconnect: () => 'The next statement connects anew.',
  submit_report: () => 'Call submit_html with what you have found.',
};

/** A failure for a model: what was wrong, what it can do, and the place in its statement that the database points at. */
export const modelText = (failure: FailureReport): string =>
  [adviseWith(modelAdvice, failure), failure.excerpt].filter((part) => part !== undefined).join('\n');
