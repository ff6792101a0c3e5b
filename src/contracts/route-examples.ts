import type * as z from 'zod';
import type { AgentSession } from './agent.ts';
import type { Actor } from './actor.ts';
import type { ConnectionView } from './connection.ts';
import type { Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { RouteName, routes } from './routes.ts';
import type { RunSummary, RunView } from './run.ts';
import type { ScheduleView } from './schedule.ts';
import type { DeliveryView, WebhookView } from './webhook.ts';

type Sent<R, K extends string> = R extends { readonly [_ in K]: infer S extends z.ZodType }
  ? { readonly [_ in K]: z.input<S> }
  : unknown;

/** A request of a route, part for part, and its answer. */
export type RouteExample<N extends RouteName> = { readonly answer: z.output<(typeof routes)[N]['output']> } & Sent<
  (typeof routes)[N],
  'params'
> &
  Sent<(typeof routes)[N], 'query'> &
  Sent<(typeof routes)[N], 'body'>;

const run_id = '01JD3Y6M9Q4T8V2X5Z7B1C3D4E';
const run = { id: run_id };
const connection = { name: 'shop' };
const schedule = { name: 'nightly' };
const accepted = { run_id, status_url: `/runs/${run_id}` };
const actor: Actor = { kind: 'key', id: '3f2a9c0d11e7', label: 'local' };
const started = '2026-01-31T12:00:00.000Z';
const ended = '2026-01-31T12:01:40.000Z';
const db_conn_string = 'postgresql://reader:secret@db.example:5432/shop';

const summary: RunSummary = {
  run_id,
  chain: { name: 'catalog', version: 1 },
  status: 'succeeded',
  sources: [
    {
      name: 'shop',
      kind: 'connection',
      label: 'postgresql://db.example:5432/shop',
      engine: 'postgres',
      connection: 'shop',
    },
  ],
  s3_prefix: 'reports/shop',
  timestamp: '2026-01-31T12-00-00.000Z',
  actor,
  attempt: 1,
  created_at: started,
  ended_at: ended,
  reports: [
    {
      agent: 'cataloging',
      html_key: 'reports/shop/2026-01-31T12-00-00.000Z/cataloging.html',
      json_key: 'reports/shop/2026-01-31T12-00-00.000Z/cataloging.json',
    },
  ],
};

const session: Omit<AgentSession, 'tenant' | 'run_id'> = {
  agent: 'cataloging',
  status: 'succeeded',
  attempt: 1,
  model: 'claude-sonnet-4-5',
  prompt_version: 1,
  prompt_hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  budget: { turns: 25, statements: 60, tokens: 400_000, dollars: 2, seconds: 1_800 },
  turns: 9,
  statements: 21,
  usage: {
    input_tokens: 41_200,
    output_tokens: 9_300,
    cache_read_tokens: 180_000,
    cache_write_tokens: 22_000,
    dollars: 0.41,
  },
  reserved_dollars: 0,
  wrap_up_told: false,
  report_submitted: true,
  started_at: '2026-01-31T12:00:08.000Z',
  ended_at: '2026-01-31T12:01:30.000Z',
};

const consoleHome = 'https://eu-central-1.console.aws.amazon.com';
const view: RunView = {
  ...summary,
  agents: [session],
  console: {
    executions: [
      `${consoleHome}/states/home?region=eu-central-1#/v2/executions/details/arn:aws:states:eu-central-1:123456789012:execution:surveyor-catalog:${run_id}`,
    ],
    logs: `${consoleHome}/cloudwatch/home?region=eu-central-1#logsV2:log-groups/log-group/surveyor`,
  },
};

/** A report tells of no attempt: it is of the one that wrote it. */
const { attempt: _attempt, ...reported } = session;

const shop: ConnectionView = {
  name: 'shop',
  engine: 'postgres',
  label: 'postgresql://db.example:5432/shop',
  created_at: started,
  created_by: actor,
  test: {
    run_id,
    status: 'passed',
    started_at: started,
    ended_at: ended,
    engine_version: '15.8',
    tables: 14,
    role: 'reader',
  },
};

const { test: _test, ...untested } = shop;

const nightly: ScheduleView = {
  name: 'nightly',
  expression: 'cron(0 2 * * ? *)',
  time_zone: 'Europe/Berlin',
  catalog: { connection: 'shop', s3_prefix: 'reports/shop' },
  paused: false,
  created_at: started,
  created_by: actor,
  changed_at: started,
  revision: 1,
  last: { due_at: '2026-02-01T01:00:00.000Z', run_id, outcome: 'started' },
  next_due_at: '2026-02-02T01:00:00.000Z',
};
const { last: _last, next_due_at: _next, ...ahead } = nightly;

const webhook = { name: 'chat' };
const signing_key = `whsec_${'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo'}=`;
const chat: WebhookView = {
  name: 'chat',
  url: 'https://hooks.example/surveyor?channel=…',
  types: ['run-settled'],
  paused: false,
  created_at: started,
  created_by: actor,
  changed_at: started,
  revision: 1,
};

const delivery: DeliveryView = {
  message: {
    id: `20260131T120140000Z-${run_id}-1-run-settled`,
    type: 'run-settled',
    version: 1,
    tenant: 'acme',
    subject: `tenants/acme/runs/${run_id}`,
    time: ended,
    data: {
      run_id,
      attempt: 1,
      chain: summary.chain,
      status: 'succeeded',
      created_at: started,
      ended_at: ended,
      s3_prefix: 'reports/shop',
      reports: summary.reports,
      trigger: { kind: 'schedule', id: 'nightly' },
      actor: { kind: 'schedule', id: 'nightly' },
    },
  },
  status: 'pending',
  tries: [{ at: ended, outcome: 'answered', status: 503 }],
  tried: 1,
  next_at: '2026-01-31T12:02:40.000Z',
  created_at: ended,
};

const finding: Finding = {
  key: 'orphan/shop/orders/customer_id',
  rule: 'orphan',
  severity: 'high',
  place: { source: 'shop', table: 'orders', columns: ['customer_id'] },
  rows: 120,
  of: 10_000,
  basis: 'exact',
  examples: ['20417', '20933'],
  evidence: ['e3b0c44298fc1'],
  check: {
    kind: 'sql',
    source: 'shop',
    text: 'SELECT o.* FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE c.id IS NULL AND o.customer_id IS NOT NULL',
  },
  title: 'Orders of customers that do not exist',
  detail: '120 of 10,000 rows of orders name a customer_id that customers does not have.',
  advice: 'Find out whether the customers were deleted, and declare the foreign key.',
};

const evidence: Evidence = {
  evidence_id: 'e3b0c44298fc1',
  kind: 'sql',
  origin: 'rule',
  source: 'shop',
  text: 'SELECT count(*) FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE c.id IS NULL',
  verdict: 'ran',
  rows: 1,
  preview: 'count\n120',
  started_at: started,
  milliseconds: 12,
};

const dataset = {
  name: 'ecommerce',
  title: 'A shop',
  description: 'Customers, products and orders of a shop, with flaws of every kind.',
  rows: 12_300,
};

/** An example of each route, for the document that describes the API: one that is forgotten does not compile. */
export const routeExamples: { readonly [N in RouteName]: RouteExample<N> } = {
  createCatalog: {
    body: { connection: 'shop', s3_prefix: 'reports/shop', tables: ['orders', 'customers'] },
    answer: accepted,
  },
  listRuns: { query: { limit: 20 }, answer: { runs: [summary], next_cursor: 'eyJrIjoiMDFKRDNZIn0' } },
  getRun: { params: run, answer: view },
  listSteps: {
    params: run,
    answer: {
      steps: [
        {
          step_id: '000002',
          name: '_take-sandbox',
          kind: 'control',
          status: 'succeeded',
          started_at: started,
          ended_at: started,
        },
        {
          step_id: '000010',
          parent_id: '000008',
          name: '_profile.table',
          kind: 'table',
          source: 'shop',
          detail: 'orders',
          status: 'failed',
          started_at: started,
          ended_at: ended,
          failure: {
            kind: 'RUNNER_TIMEOUT',
            message:
              'A statement over the table took longer than 200 s, and the table was given up; nothing more was asked of it.',
            advice: { kind: 'spare_table' },
          },
        },
      ],
    },
  },
  cancelRun: { params: run, answer: accepted },
  resumeRun: { params: run, body: { budget: { dollars: 4 } }, answer: accepted },
  listLogs: {
    params: run,
    query: { level: 'WARN', since: '2026-01-31T12:00:00Z', q: 'orders', limit: 200 },
    answer: { entries: [{ at: started, level: 'WARN', message: 'table not profiled', fields: { table: 'orders' } }] },
  },
  createConnection: { body: { name: 'shop', db_conn_string }, answer: untested },
  listConnections: { query: { limit: 20 }, answer: { connections: [shop] } },
  getConnection: { params: connection, answer: shop },
  deleteConnection: { params: connection, answer: shop },
  testConnection: { params: connection, answer: accepted },
  rotateConnection: {
    params: connection,
    body: { db_conn_string },
    answer: { ...shop, rotated_at: ended, rotated_by: actor },
  },
  createSchedule: {
    body: {
      name: 'nightly',
      expression: 'cron(0 2 * * ? *)',
      time_zone: 'Europe/Berlin',
      catalog: { connection: 'shop', s3_prefix: 'reports/shop' },
    },
    answer: { ...ahead, next_due_at: '2026-02-01T01:00:00.000Z' },
  },
  listSchedules: { query: { limit: 20 }, answer: { schedules: [nightly] } },
  getSchedule: { params: schedule, answer: nightly },
  changeSchedule: {
    params: schedule,
    body: { paused: true },
    answer: { ...ahead, paused: true, changed_at: ended, revision: 2 },
  },
  deleteSchedule: { params: schedule, answer: nightly },
  createWebhook: {
    body: { name: 'chat', url: 'https://hooks.example/surveyor?channel=data', types: ['run-settled'] },
    answer: { ...chat, signing_key },
  },
  listWebhooks: { query: { limit: 20 }, answer: { webhooks: [chat] } },
  getWebhook: { params: webhook, answer: chat },
  changeWebhook: {
    params: webhook,
    body: { rotate_key: true },
    answer: { ...chat, changed_at: ended, revision: 2, old_key_until: '2026-02-01T12:01:40.000Z', signing_key },
  },
  deleteWebhook: { params: webhook, answer: chat },
  listDeliveries: { params: webhook, query: { limit: 20 }, answer: { deliveries: [delivery] } },
  retryDelivery: {
    params: { ...webhook, message_id: delivery.message.id },
    answer: { ...delivery, tried: 0, next_at: '2026-01-31T12:02:00.000Z' },
  },
  listFindings: {
    params: run,
    query: { severity: 'medium', state: 'new', limit: 100 },
    answer: {
      run_id,
      status: 'succeeded',
      totals: { findings: { high: 1, medium: 0, low: 0 }, drift: 0, gaps: 1, tables_not_asked: 0 },
      matching: 1,
      findings: [{ ...finding, change: { state: 'new' } }],
      not_looked_at: [
        { source: 'shop', table: 'audit', reason: 'not_visible', detail: 'The role reader may not read audit.' },
      ],
    },
  },
  readReport: {
    params: { id: run_id, agent: 'cataloging' },
    answer: {
      report_version: 3,
      run_id,
      agent: 'cataloging',
      title: 'Catalog of shop',
      sources: summary.sources,
      s3_prefix: 'reports/shop',
      created_at: ended,
      run_started_at: started,
      body_html: '<p>The shop keeps 14 tables, most of its rows in <strong>orders</strong>.</p>',
      drift: { changes: [] },
      evidence: [evidence],
      session: { run_id, ...reported },
      analyst: 'model',
      rules: ['orphan'],
      findings: [finding],
    },
  },
  listDatasets: { answer: { datasets: [{ ...dataset, files: 5 }] } },
  describeDataset: {
    params: { name: 'ecommerce' },
    answer: {
      ...dataset,
      tables: [
        {
          name: 'orders',
          file: 'orders.csv',
          rows: 10_000,
          description: 'One row an order.',
          columns: [{ name: 'order_id', type: 'BIGINT', description: 'The order’s number.' }],
        },
      ],
    },
  },
  checkHealth: { answer: { status: 'ok', version: '0.1.0', platform: 'local', analyst: 'deterministic' } },
  describeApi: { answer: { openapi: '3.1.1' } },
};
