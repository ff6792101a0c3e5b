import { type FailureKind, failures } from './failure.ts';
import type { FailureReport } from './failure-report.ts';
import type { Problem } from './problem.ts';

const run_id = '01JD3Y6M9Q4T8V2X5Z7B1C3D4E';

/** What a failure of each kind says, for instance: one that is forgotten does not compile. */
const messages: { readonly [K in FailureKind]: Omit<FailureReport, 'kind' | 'excerpt'> } = {
  INVALID_REQUEST: { message: 'body.s3_prefix: is missing.', where: 'body.s3_prefix', advice: { kind: 'see_schema' } },
  UNSUPPORTED_DATABASE: { message: 'oracle:// databases are not supported.', where: 'body.db_conn_string' },
  UNAUTHENTICATED: {
    message: 'Send a valid API key in the header "Authorization: Bearer <key>".',
    where: 'header.authorization',
  },
  FORBIDDEN: {
    message: 'The key "dashboard" has the role reader; this needs operator.',
    where: 'header.authorization',
  },
  NOT_FOUND: { message: `There is no run ${run_id}.`, where: 'path.id', advice: { kind: 'see_runs' } },
  DATASET_NOT_FOUND: {
    message: 'There is no dataset "shop". There are: ecommerce, sensors, support.',
    where: 'dataset',
  },
  METHOD_NOT_ALLOWED: { message: 'PUT does not work on /runs; GET does.', where: 'method' },
  CONFLICT: { message: `Run ${run_id} is under way already.`, where: 'path.id' },
  REQUEST_TOO_LARGE: { message: 'The body has 2097152 bytes; at most 1048576 are taken.', where: 'body' },
  RATE_LIMITED: {
    message: 'The key "dashboard" may send 600 requests a minute, and this is number 601. Come again in 12 s.',
    where: 'header.authorization',
  },
  DATABASE_UNREACHABLE: {
    message: 'Nothing takes connections at db.example:5432. Check host and port, and that the server runs.',
    where: 'db.example:5432',
    advice: { kind: 'test_connection', connection: 'shop' },
  },
  DATABASE_REFUSED: { message: 'db.example:5432 refused the user reader.', where: 'db.example:5432' },
  DATABASE_WRITABLE: { message: 'Role owner can write to database shop: INSERT on public.orders.', where: 'owner' },
  DATABASE_LOST: {
    message: 'The connection to the database broke while the statement ran: ECONNRESET.',
    advice: { kind: 'reconnect' },
  },
  DATABASE_EMPTY: { message: 'Database shop has no table. Check that it is the one you mean.' },
  TABLE_NOT_FOUND: { message: 'There is no table "ordres" (is "orders" meant?).', where: 'body.tables' },
  STATEMENT_REFUSED: { message: 'Rule "read-only": INSERT would change the data. Compute what you need in a SELECT.' },
  STATEMENT_FAILED: { message: 'column "total" does not exist' },
  SANDBOX_UNAVAILABLE: { message: 'None of the 4 sandboxes became free within 900 s.' },
  SANDBOX_LOST: { message: `Run ${run_id} has no sandbox any more.`, advice: { kind: 'resume_run', run_id } },
  RUNNER_TIMEOUT: {
    message: 'The view did not answer within 60 s and was given up; nothing more was asked of it.',
    advice: { kind: 'keep_view_result' },
  },
  RUNNER_MEMORY: { message: 'The cell took more than 2,048 MiB of memory, so its process was killed.' },
  PYTHON_FAILED: { message: 'KeyError: total' },
  MODEL_UNAVAILABLE: { message: 'The model service cannot be used now: the connection failed.' },
  MODEL_OVERLOADED: { message: 'The model service has more requests than it takes: it answered 529 overloaded_error.' },
  MODEL_RATE_LIMITED: {
    message: 'The model service takes no requests for the next 3,600 s, and a run waits 1,200 s at most.',
    advice: { kind: 'resume_run', run_id },
  },
  MODEL_REJECTED: { message: 'The model service rejected the request (401): invalid x-api-key.' },
  MODEL_REFUSED: { message: 'The model declined to answer.' },
  AGENT_WITHOUT_REPORT: { message: 'The agent cataloging ended without submitting a report.' },
  BUDGET_EXCEEDED: { message: 'The 25 turns of the budget are used up.' },
  RUN_TIMED_OUT: { message: 'The run took longer than its chain allows.', advice: { kind: 'shorten_run' } },
  RUN_CANCELLED: { message: 'The run was cancelled by request.' },
  RUN_INTERRUPTED: {
    message: 'The service stopped while this run was under way.',
    advice: { kind: 'resume_run', run_id },
  },
  STORAGE_FAILED: { message: 'The table did not answer as it should: ThrottlingException.', where: 'the table' },
  SETTING_INVALID: { message: 'SURVEYOR_PORT: must be a whole number.', where: 'SURVEYOR_PORT' },
  SERVICE_UNREACHABLE: {
    message: 'No Surveyor service answers at http://127.0.0.1:8787.',
    where: 'http://127.0.0.1:8787',
    advice: { kind: 'start_service' },
  },
  INTERNAL: { message: 'Something in Surveyor went wrong; the log has it under the request id 5c1f0e2a-0d6b-4f0e.' },
};

/** An answer with a failure, for instance. */
export const problemExample = (kind: FailureKind): Problem => {
  const report = messages[kind];
  return {
    type: 'about:blank',
    title: failures[kind].title,
    status: failures[kind].status,
    detail: report.message,
    instance: '/runs',
    request_id: '5c1f0e2a-0d6b-4f0e',
    kind,
    ...report,
  };
};
