import type { Route } from './route.ts';
import { cancelRun } from './routes/cancel-run.ts';
import { changeSchedule } from './routes/change-schedule.ts';
import { changeWebhook } from './routes/change-webhook.ts';
import { checkHealth } from './routes/check-health.ts';
import { createCatalog } from './routes/create-catalog.ts';
import { createConnection } from './routes/create-connection.ts';
import { createSchedule } from './routes/create-schedule.ts';
import { createWebhook } from './routes/create-webhook.ts';
import { deleteConnection } from './routes/delete-connection.ts';
import { deleteSchedule } from './routes/delete-schedule.ts';
import { deleteWebhook } from './routes/delete-webhook.ts';
import { describeApi } from './routes/describe-api.ts';
import { describeDataset } from './routes/describe-dataset.ts';
import { getConnection } from './routes/get-connection.ts';
import { getRun } from './routes/get-run.ts';
import { getSchedule } from './routes/get-schedule.ts';
import { getWebhook } from './routes/get-webhook.ts';
import { listConnections } from './routes/list-connections.ts';
import { listDatasets } from './routes/list-datasets.ts';
import { listDeliveries } from './routes/list-deliveries.ts';
import { listFindings } from './routes/list-findings.ts';
import { listLogs } from './routes/list-logs.ts';
import { listRuns } from './routes/list-runs.ts';
import { listSchedules } from './routes/list-schedules.ts';
import { listSteps } from './routes/list-steps.ts';
import { listWebhooks } from './routes/list-webhooks.ts';
import { readReport } from './routes/read-report.ts';
import { resumeRun } from './routes/resume-run.ts';
import { retryDelivery } from './routes/retry-delivery.ts';
import { rotateConnection } from './routes/rotate-connection.ts';
import { testConnection } from './routes/test-connection.ts';

/**
 * The route table. It drives the routes of the API Gateway, the handlers, the local server, the typed client and
 * `openapi.json`; nothing else knows a path. A function imports its own row instead, or it would load the schemas of all.
 */
export const routes = {
  createCatalog,
  listRuns,
  getRun,
  listSteps,
  cancelRun,
  resumeRun,
  listLogs,
  createConnection,
  listConnections,
  getConnection,
  deleteConnection,
  testConnection,
  rotateConnection,
  createSchedule,
  listSchedules,
  getSchedule,
  changeSchedule,
  deleteSchedule,
  createWebhook,
  listWebhooks,
  getWebhook,
  changeWebhook,
  deleteWebhook,
  listDeliveries,
  retryDelivery,
  listFindings,
  readReport,
  listDatasets,
  describeDataset,
  checkHealth,
  describeApi,
} as const satisfies Record<string, Route>;

/** The name of a route: its key in the table. */
export type RouteName = keyof typeof routes;

/** The name of a function behind a route: its folder below functions/. */
export type RouteFunction = (typeof routes)[RouteName]['function'];
