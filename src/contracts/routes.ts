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

/** One route of the API. `function` is the folder below functions/ and the Lambda function's name. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly function: string;
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
    roles: readers,
    query: z.strictObject(page),
    status: 200,
    output: RunPage,
  },
  getRun: {
    method: 'GET',
    path: '/runs/{id}',
    function: 'get-run',
    roles: readers,
    params: runParams,
    status: 200,
    output: RunView,
  },
  listSteps: {
    method: 'GET',
    path: '/runs/{id}/steps',
    function: 'list-steps',
    roles: readers,
    params: runParams,
    status: 200,
    output: StepList,
  },
  cancelRun: {
    method: 'POST',
    path: '/runs/{id}/cancel',
    function: 'cancel-run',
    roles: ['operator'],
    params: runParams,
    status: 202,
    output: RunAccepted,
  },
  resumeRun: {
    method: 'POST',
    path: '/runs/{id}/resume',
    function: 'resume-run',
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
    roles: readers,
    query: z.strictObject(page),
    status: 200,
    output: ConnectionPage,
  },
  getConnection: {
    method: 'GET',
    path: '/connections/{name}',
    function: 'get-connection',
    roles: readers,
    params: connectionParams,
    status: 200,
    output: ConnectionView,
  },
  deleteConnection: {
    method: 'DELETE',
    path: '/connections/{name}',
    function: 'delete-connection',
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
    roles: ['operator'],
    body: ScheduleRequest,
    status: 201,
    output: ScheduleView,
  },
  listSchedules: {
    method: 'GET',
    path: '/schedules',
    function: 'list-schedules',
    roles: readers,
    query: z.strictObject(page),
    status: 200,
    output: SchedulePage,
  },
  getSchedule: {
    method: 'GET',
    path: '/schedules/{name}',
    function: 'get-schedule',
    roles: readers,
    params: scheduleParams,
    status: 200,
    output: ScheduleView,
  },
  changeSchedule: {
    method: 'PATCH',
    path: '/schedules/{name}',
    function: 'change-schedule',
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
    roles: ['operator'],
    params: scheduleParams,
    status: 200,
    output: ScheduleView,
  },
  createWebhook: {
    method: 'POST',
    path: '/webhooks',
    function: 'create-webhook',
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
    roles: readers,
    status: 200,
    output: DatasetList,
  },
  describeDataset: {
    method: 'GET',
    path: '/datasets/{name}/schema',
    function: 'describe-dataset',
    roles: readers,
    params: z.strictObject({ name: Name }),
    status: 200,
    output: DatasetSchema,
  },
  checkHealth: {
    method: 'GET',
    path: '/health',
    function: 'check-health',
    roles: 'anyone',
    status: 200,
    output: Health,
  },
  describeApi: {
    method: 'GET',
    path: '/openapi.json',
    function: 'describe-api',
    roles: 'anyone',
    status: 200,
    output: z.looseObject({ openapi: z.string() }),
  },
} as const satisfies Record<string, Route>;

/** The name of a route: its key in the table. */
export type RouteName = keyof typeof routes;

/** The name of a function behind a route: its folder below functions/. */
export type RouteFunction = (typeof routes)[RouteName]['function'];
