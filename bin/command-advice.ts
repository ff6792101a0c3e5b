import { adviseWith, type AdviceTable } from '../src/contracts/advice.ts';
import type { FailureReport } from '../src/contracts/failure-report.ts';
import { programName } from './program-name.ts';

/** What is nothing to who types commands. */
const nothing = (): string => '';

const fromFile = '< connection-string.txt';

/** Advice as the command line gives it: in commands. */
const commandAdvice: AdviceTable = {
  see_schema: nothing,
  start_service: () => `Start it with \`${programName} up\`.`,
  see_runs: () => `See which there are: ${programName} runs`,
  resume_run: ({ run_id }) => `Go on with it, keeping what it had finished: ${programName} resume ${run_id}`,
  start_new_run: () => `Start a new run: ${programName} catalog <database>`,
  shorten_run: () => 'Name fewer tables with --tables, or give the agents a smaller --budget-….',
  send_connection_string: ({ run_id, database }) =>
    `\nGive it again, for ${database}: ${programName} resume ${run_id} - ${fromFile}`,
  see_connections: () =>
    `See which there are: ${programName} connections list\nAdd one: ${programName} connections add shop ${fromFile}`,
  see_connection: ({ connection }) =>
    `Look at it, and ask again where this is still wanted: ${programName} connections show ${connection}`,
  test_connection: ({ connection }) => `Try it by itself: ${programName} connections test ${connection}`,
  give_credential: ({ connection }) => `Give it one: ${programName} connections rotate ${connection} ${fromFile}`,
  replace_connection: ({ connection }) =>
    `Replace its credential: ${programName} connections rotate ${connection} ${fromFile}\n` +
    `Or remove it first: ${programName} connections remove ${connection}`,
  make_connection_again: ({ connection }) =>
    `Make it again, then start or resume the run: ${programName} connections add ${connection} ${fromFile}`,
  make_other_connection: () => `Add another connection for it: ${programName} connections add <name> ${fromFile}`,
  end_runs_of_connection: ({ connection }) =>
    `Wait for their end or cancel them (${programName} cancel <id>), then: ${programName} connections remove ${connection}`,
  see_schedules: () => `See which there are: ${programName} schedules list`,
  see_schedule: ({ schedule }) =>
    `Look at it, and ask again where this is still wanted: ${programName} schedules show ${schedule}`,
  see_webhooks: () => `See which there are: ${programName} webhooks list`,
  see_webhook: ({ webhook }) =>
    `Look at it, and ask again where this is still wanted: ${programName} webhooks show ${webhook}`,
  see_deliveries: ({ webhook }) => `See which there are: ${programName} webhooks deliveries ${webhook}`,
  name_tables: () => 'Name the ones to survey with --tables.',
  name_fewer_tables: () => 'Name fewer tables with --tables.',
  look_for_table: () => 'Check whether it was dropped or renamed.',
  spare_table: () => 'Survey it when the database has less to do, or leave it out with --tables.',
  keep_view_result: () => 'Keep its result in a table or a materialized view, or leave it out with --tables.',
  open_egress: ({ setting, value }) =>
    `The sandboxes of a deployment reach what its context names: add ${value} to ${setting}, and deploy it again (docs/deploy.md).`,
  ask_for_less: nothing,
  reconnect: () => 'Check that the server runs.',
  submit_report: nothing,
};

/** A failure’s message for who types commands. */
export const commandText = (failure: Pick<FailureReport, 'message' | 'advice'>): string =>
  adviseWith(commandAdvice, failure);

/** A failure in one line, its kind first. */
export const commandLine = (failure: FailureReport): string => `${failure.kind}: ${commandText(failure)}`;
