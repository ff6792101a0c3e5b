import * as z from 'zod';
import { CatalogRequest } from './catalog.ts';
import { Name, RunId } from './common.ts';
import { ConnectionPage, ConnectionRequest, ConnectionView, RotationRequest } from './connection.ts';
import { DatasetList, DatasetSchema } from './dataset.ts';
import { FindingPage } from './finding-page.ts';
import { ChangeState } from './finding-change.ts';
import { Severity } from './finding.ts';
import { Health } from './health.ts';
import { IdempotencyKey } from './idempotency.ts';
import { LogLevel, LogPage } from './log-entry.ts';
import { Message } from './message.ts';
import { StoredReport } from './report.ts';
import type { Role } from './role.ts';
import { ResumeRequest, RunAccepted, RunPage, RunView } from './run.ts';
import { ScheduleChange, SchedulePage, ScheduleRequest, ScheduleView } from './schedule.ts';
import { StepList } from './step.ts';
import { WebhookChange, WebhookPage, WebhookRequest, WebhookView, DeliveryPage, DeliveryView } from './webhook.ts';

/** The groups of routes, as the document of the API lists them. */
export const tags = {
  runs: 'Surveys: start, follow, cancel and resume them',
  reports: 'What a survey found',
  connections: 'Database credentials under names',
  schedules: 'Surveys that start by themselves',
  webhooks: 'Who is told of started and ended surveys',
  datasets: 'The sample databases',
  service: 'The service itself',
} as const;

/** One route of the API. `function` is the folder below functions/ and the Lambda function's name. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly function: string;
  readonly summary: string;
  /** The group that the document of the API lists it in. */
  readonly tag: keyof typeof tags;
  /** What a caller has to know beyond the summary: whole sentences. */
  readonly description: string;
  /** A key needs one of them; `anyone` needs no key. */
  readonly roles: readonly Role[] | 'anyone';
  /** Does something to what lies under no prefix: a key that is limited to prefixes may not. */
  readonly tenant_wide?: true;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Headers beside `Authorization` that the route reads, by their names in lower case. */
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly status: number;
  /** The JSON answer. */
  readonly output: z.ZodType;
  /** Whether the same thing can also be had as an HTML page, chosen by `Accept`. */
  readonly html?: true;
  /** Whether a large answer is a redirect (307) to where it can be read. */
  readonly redirects?: true;
};

const readers = ['reader', 'analyst', 'operator', 'approver', 'auditor'] as const;
/** Reports show rows; who audits sees what was done, not what was found. */
const reportReaders = ['reader', 'analyst', 'operator', 'approver'] as const;
const runParams = z.strictObject({ id: RunId });
const connectionParams = z.strictObject({ name: Name });
const scheduleParams = z.strictObject({ name: Name });
const webhookParams = z.strictObject({ name: Name });
const page = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(512).optional(),
};

/**
 * The route table. It drives the routes of the API Gateway, the handlers, the local server, the typed client and
 * `openapi.json`; nothing else knows a path.
 */
export const routes = {
  createCatalog: {
    method: 'POST',
    path: '/catalog',
    function: 'create-catalog',
    summary: 'Start a catalog of a database',
    tag: 'runs',
    description:
      'Surveys one database, or several: measures every table, looks for findings, lets the agents write their reports below `s3_prefix`. The answer comes at once; follow the run at `status_url`. With the header `Idempotency-Key`, the same request sent again answers with the same run.',
    roles: ['operator'],
    headers: z.object({ 'idempotency-key': IdempotencyKey.optional() }),
    body: CatalogRequest,
    status: 202,
    output: RunAccepted,
  },
  listRuns: {
    method: 'GET',
    path: '/runs',
    function: 'list-runs',
    summary: 'The runs, newest first',
    tag: 'runs',
    description:
      'A page of the runs, the newest first. `next_cursor` is there where more follow; send it as `cursor` for the next page.',
    roles: readers,
    query: z.strictObject(page),
    status: 200,
    output: RunPage,
  },
  getRun: {
    method: 'GET',
    path: '/runs/{id}',
    function: 'get-run',
    summary: 'One run and its agents',
    tag: 'runs',
    description:
      'How the run stands, its databases, its reports, and what each of its agents has used. Once the run has ended, `failure` says why it did not succeed, and its `advice` what can be done about it.',
    roles: readers,
    params: runParams,
    status: 200,
    output: RunView,
  },
  listSteps: {
    method: 'GET',
    path: '/runs/{id}/steps',
    function: 'list-steps',
    summary: 'What a run did, state by state',
    tag: 'runs',
    description:
      'Nodes, tables, turns of the model and calls of tools, each with its start, end and outcome; live while the run is under way.',
    roles: readers,
    params: runParams,
    status: 200,
    output: StepList,
  },
  cancelRun: {
    method: 'POST',
    path: '/runs/{id}/cancel',
    function: 'cancel-run',
    summary: 'Stop a run that is under way',
    tag: 'runs',
    description:
      'Stops the execution; what that ends settles the run as cancelled. Asked again meanwhile, it answers the same. A run that has ended cannot be cancelled.',
    roles: ['operator'],
    params: runParams,
    status: 202,
    output: RunAccepted,
  },
  resumeRun: {
    method: 'POST',
    path: '/runs/{id}/resume',
    function: 'resume-run',
    summary: 'Go on with a run that did not succeed, keeping what it had finished',
    tag: 'runs',
    description:
      'A new execution of the same run, which does only what is missing: measured tables, answers of the model and results of tools are kept. A run that was started with a connection string needs it again, since it was deleted when the run ended.',
    roles: ['operator'],
    params: runParams,
    body: ResumeRequest,
    status: 202,
    output: RunAccepted,
  },
  listLogs: {
    method: 'GET',
    path: '/runs/{id}/logs',
    function: 'list-logs',
    summary: 'What a run logged, oldest first',
    tag: 'runs',
    description: 'A page of the run’s log, the oldest line first. `next_cursor` is there where more follow.',
    roles: readers,
    params: runParams,
    query: z.strictObject({
      level: LogLevel.optional().describe('That one and worse'),
      since: z.iso
        .datetime({ offset: true, error: 'not a time such as 2026-01-31T12:00:00Z' })
        .transform((time) => new Date(time).toISOString())
        .pipe(z.iso.datetime())
        .optional()
        .describe('From this time on'),
      q: z.string().min(1).max(200).optional().describe('A text that the message or a field holds'),
      limit: z.coerce.number().int().min(1).max(1_000).default(200),
      cursor: z.string().max(512).optional(),
    }),
    status: 200,
    output: LogPage,
  },
  createConnection: {
    method: 'POST',
    path: '/connections',
    function: 'create-connection',
    summary: 'Keep a database credential under a name',
    tag: 'connections',
    description:
      'The connection string goes to the secret store and is never shown again. Nothing is opened: test the connection to see whether it works.',
    roles: ['operator'],
    tenant_wide: true,
    body: ConnectionRequest,
    status: 201,
    output: ConnectionView,
  },
  listConnections: {
    method: 'GET',
    path: '/connections',
    function: 'list-connections',
    summary: 'The connections, by name',
    tag: 'connections',
    description: 'A page of the connections, by name, each with how its last test went.',
    roles: readers,
    query: z.strictObject(page),
    status: 200,
    output: ConnectionPage,
  },
  getConnection: {
    method: 'GET',
    path: '/connections/{name}',
    function: 'get-connection',
    summary: 'One connection and how its last test went',
    tag: 'connections',
    description: 'What the connection leads to, and whether its last test could open it. The credential is not shown.',
    roles: readers,
    params: connectionParams,
    status: 200,
    output: ConnectionView,
  },
  deleteConnection: {
    method: 'DELETE',
    path: '/connections/{name}',
    function: 'delete-connection',
    summary: 'Forget a connection and its credential',
    tag: 'connections',
    description:
      'Deletes the credential and the connection, and answers with what it was. Refused while a run uses the connection.',
    roles: ['operator'],
    tenant_wide: true,
    params: connectionParams,
    status: 200,
    output: ConnectionView,
  },
  testConnection: {
    method: 'POST',
    path: '/connections/{name}/test',
    function: 'test-connection',
    summary: 'Open a connection once, in a run of its own',
    tag: 'connections',
    description:
      'Starts a run that opens the database, reads what the role may see, and ends. The connection shows its outcome.',
    roles: ['operator'],
    tenant_wide: true,
    params: connectionParams,
    status: 202,
    output: RunAccepted,
  },
  rotateConnection: {
    method: 'POST',
    path: '/connections/{name}/rotate',
    function: 'rotate-connection',
    summary: 'Replace the credential of a connection',
    tag: 'connections',
    description:
      'Replaces the connection string. It has to lead to the same kind of database, and where that is another one (host, port, database or path differ) the answer tells which it was in `moved_from`; runs that have opened it go on with the old one.',
    roles: ['operator'],
    tenant_wide: true,
    params: connectionParams,
    body: RotationRequest,
    status: 200,
    output: ConnectionView,
  },
  createSchedule: {
    method: 'POST',
    path: '/schedules',
    function: 'create-schedule',
    summary: 'Start a catalog again and again',
    tag: 'schedules',
    description:
      'Keeps the request of a catalog, and starts it whenever the schedule is due: at times of a clock on the wall (`cron`) or every so often (`rate`). The expressions are those of Amazon EventBridge Scheduler, with its rules where clocks are put forward and back. A time at which the run before is still under way starts no second one.',
    roles: ['operator'],
    body: ScheduleRequest,
    status: 201,
    output: ScheduleView,
  },
  listSchedules: {
    method: 'GET',
    path: '/schedules',
    function: 'list-schedules',
    summary: 'The schedules, by name',
    tag: 'schedules',
    description: 'A page of the schedules, by name, each with what came of its last time and when its next one is.',
    roles: readers,
    query: z.strictObject(page),
    status: 200,
    output: SchedulePage,
  },
  getSchedule: {
    method: 'GET',
    path: '/schedules/{name}',
    function: 'get-schedule',
    summary: 'One schedule, its last time and its next',
    tag: 'schedules',
    description: 'What the schedule surveys, when it is due next, and what came of the last time.',
    roles: readers,
    params: scheduleParams,
    status: 200,
    output: ScheduleView,
  },
  changeSchedule: {
    method: 'PATCH',
    path: '/schedules/{name}',
    function: 'change-schedule',
    summary: 'Change, pause or resume a schedule',
    tag: 'schedules',
    description:
      'Replaces what the body names, `catalog` as a whole. What was due while a schedule was paused, or before it was changed, is not made up for; runs that are under way go on.',
    roles: ['operator'],
    params: scheduleParams,
    body: ScheduleChange,
    status: 200,
    output: ScheduleView,
  },
  deleteSchedule: {
    method: 'DELETE',
    path: '/schedules/{name}',
    function: 'delete-schedule',
    summary: 'Forget a schedule',
    tag: 'schedules',
    description: 'Deletes the schedule and answers with what it was. Its runs and their reports stay.',
    roles: ['operator'],
    params: scheduleParams,
    status: 200,
    output: ScheduleView,
  },
  createWebhook: {
    method: 'POST',
    path: '/webhooks',
    function: 'create-webhook',
    summary: 'Have messages sent to a URL',
    tag: 'webhooks',
    description:
      'Whenever a survey starts or ends, a CloudEvent is posted to the URL, signed after the Standard Webhooks with the key that this answer shows, once. The URL begins with https:// and leads to no private address. What its receiver does not take is sent again for a day.',
    roles: ['operator'],
    tenant_wide: true,
    body: WebhookRequest,
    status: 201,
    output: WebhookView,
  },
  listWebhooks: {
    method: 'GET',
    path: '/webhooks',
    function: 'list-webhooks',
    summary: 'The webhooks, by name',
    tag: 'webhooks',
    description:
      'A page of the webhooks, by name, without their keys and without the values in the queries of their URLs.',
    roles: ['operator'],
    tenant_wide: true,
    query: z.strictObject(page),
    status: 200,
    output: WebhookPage,
  },
  getWebhook: {
    method: 'GET',
    path: '/webhooks/{name}',
    function: 'get-webhook',
    summary: 'One webhook',
    tag: 'webhooks',
    description: 'Where messages are sent and which, without the key and without the values in the query of the URL.',
    roles: ['operator'],
    tenant_wide: true,
    params: webhookParams,
    status: 200,
    output: WebhookView,
  },
  changeWebhook: {
    method: 'PATCH',
    path: '/webhooks/{name}',
    function: 'change-webhook',
    summary: 'Change or pause a webhook, or make it a new key',
    tag: 'webhooks',
    description:
      'Replaces what the body names. With `rotate_key` the answer shows a new key, once; messages are signed with the key before, too, for a day, so that the receiver can take over the new one without losing any.',
    roles: ['operator'],
    tenant_wide: true,
    params: webhookParams,
    body: WebhookChange,
    status: 200,
    output: WebhookView,
  },
  deleteWebhook: {
    method: 'DELETE',
    path: '/webhooks/{name}',
    function: 'delete-webhook',
    summary: 'Forget a webhook and its key',
    tag: 'webhooks',
    description:
      'Deletes the webhook and answers with what it was. What has not been delivered to it is not sent any more.',
    roles: ['operator'],
    tenant_wide: true,
    params: webhookParams,
    status: 200,
    output: WebhookView,
  },
  listDeliveries: {
    method: 'GET',
    path: '/webhooks/{name}/deliveries',
    function: 'list-deliveries',
    summary: 'What was sent to a webhook, and what is still to be',
    tag: 'webhooks',
    description:
      'A page of the messages for a webhook, those of the newest run first, each with its tries and what came of them. A message that could not be delivered within a day is `failed`, and kept for a month.',
    roles: ['operator'],
    tenant_wide: true,
    params: webhookParams,
    query: z.strictObject(page),
    status: 200,
    output: DeliveryPage,
  },
  retryDelivery: {
    method: 'POST',
    path: '/webhooks/{name}/deliveries/{message_id}/retry',
    function: 'retry-delivery',
    summary: 'Send a message once more',
    tag: 'webhooks',
    description:
      'Makes the message due at once, whatever came of it before, with all its tries before it. It is sent within a minute, under the same id, by which its receiver knows it.',
    roles: ['operator'],
    tenant_wide: true,
    params: z.strictObject({ name: Name, message_id: Message.shape.id }),
    status: 202,
    output: DeliveryView,
  },
  listFindings: {
    method: 'GET',
    path: '/runs/{id}/findings',
    function: 'list-findings',
    summary: 'What a run found, most severe first, and what it did not look at',
    tag: 'reports',
    description:
      'A page of the findings of a run, the most severe first, each with the evidence behind it and what has become of it since the runs before. What was not looked at is listed beside them: there may be findings that nobody has looked for.',
    roles: reportReaders,
    params: runParams,
    query: z.strictObject({
      severity: Severity.optional().describe('That one and worse'),
      rule: Name.optional(),
      source: Name.optional(),
      table: z.string().min(1).optional(),
      state: ChangeState.optional().describe(
        'What has become of it since the runs before; `gone`, `dropped` and `not_looked_at` list findings of earlier runs, as they were then',
      ),
      limit: z.coerce.number().int().min(1).max(500).default(100),
      cursor: z.string().max(512).optional(),
    }),
    status: 200,
    output: FindingPage,
  },
  readReport: {
    method: 'GET',
    path: '/runs/{id}/reports/{agent}',
    function: 'read-report',
    summary: 'A report, as a page or as data',
    tag: 'reports',
    description:
      'The HTML page as it was published, or, where JSON is accepted and HTML is not, the same as data. On AWS, a report of more than 5 MB is a redirect to a link that reads it for two minutes, which needs no key: send none there.',
    roles: reportReaders,
    params: z.strictObject({ id: RunId, agent: Name }),
    status: 200,
    output: StoredReport,
    html: true,
    redirects: true,
  },
  listDatasets: {
    method: 'GET',
    path: '/datasets',
    function: 'list-datasets',
    summary: 'The sample datasets',
    tag: 'datasets',
    description: 'The sample databases that come with Surveyor, without their columns.',
    roles: readers,
    status: 200,
    output: DatasetList,
  },
  describeDataset: {
    method: 'GET',
    path: '/datasets/{name}/schema',
    function: 'describe-dataset',
    summary: 'The tables and columns of a sample dataset',
    tag: 'datasets',
    description: 'The tables of a sample database with their columns and what each means.',
    roles: readers,
    params: z.strictObject({ name: Name }),
    status: 200,
    output: DatasetSchema,
  },
  checkHealth: {
    method: 'GET',
    path: '/health',
    function: 'check-health',
    summary: 'Whether the service works',
    tag: 'service',
    description: 'Answers without a key, for whoever watches the service.',
    roles: 'anyone',
    status: 200,
    output: Health,
  },
  describeApi: {
    method: 'GET',
    path: '/openapi.json',
    function: 'describe-api',
    summary: 'This API as an OpenAPI 3.1 document',
    tag: 'service',
    description: 'What you are reading, made from the table of routes. Answers without a key.',
    roles: 'anyone',
    status: 200,
    output: z.looseObject({ openapi: z.string() }),
  },
} as const satisfies Record<string, Route>;

/** The name of a route: its key in the table. */
export type RouteName = keyof typeof routes;

/** The name of a function behind a route: its folder below functions/. */
export type RouteFunction = (typeof routes)[RouteName]['function'];
