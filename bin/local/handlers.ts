import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { handler as alignSchedule } from '../../functions/align-schedule/handler.ts';
import { handler as changeSchedule } from '../../functions/change-schedule/handler.ts';
import { handler as createSchedule } from '../../functions/create-schedule/handler.ts';
import { handler as deleteSchedule } from '../../functions/delete-schedule/handler.ts';
import { handler as getSchedule } from '../../functions/get-schedule/handler.ts';
import { handler as listSchedules } from '../../functions/list-schedules/handler.ts';
import { handler as startScheduled } from '../../functions/start-scheduled/handler.ts';
import { handler as createWebhook } from '../../functions/create-webhook/handler.ts';
import { handler as listWebhooks } from '../../functions/list-webhooks/handler.ts';
import { handler as getWebhook } from '../../functions/get-webhook/handler.ts';
import { handler as changeWebhook } from '../../functions/change-webhook/handler.ts';
import { handler as deleteWebhook } from '../../functions/delete-webhook/handler.ts';
import { handler as listDeliveries } from '../../functions/list-deliveries/handler.ts';
import { handler as retryDelivery } from '../../functions/retry-delivery/handler.ts';
import { handler as adoptExecution } from '../../functions/adopt-execution/handler.ts';
import { handler as callModel } from '../../functions/call-model/handler.ts';
import { handler as cancelRun } from '../../functions/cancel-run/handler.ts';
import { handler as checkHealth } from '../../functions/check-health/handler.ts';
import { handler as checkTable } from '../../functions/check-table/handler.ts';
import { handler as closeTurn } from '../../functions/close-turn/handler.ts';
import { handler as collectFindings } from '../../functions/collect-findings/handler.ts';
import { handler as collectLastEvidence } from '../../functions/collect-last-evidence/handler.ts';
import { handler as collectProfile } from '../../functions/collect-profile/handler.ts';
import { handler as createCatalog } from '../../functions/create-catalog/handler.ts';
import { handler as createConnection } from '../../functions/create-connection/handler.ts';
import { handler as deleteConnection } from '../../functions/delete-connection/handler.ts';
import { handler as deliverMessages } from '../../functions/deliver-messages/handler.ts';
import { handler as describeApi } from '../../functions/describe-api/handler.ts';
import { handler as describeDataset } from '../../functions/describe-dataset/handler.ts';
import { handler as finishAgent } from '../../functions/finish-agent/handler.ts';
import { handler as getConnection } from '../../functions/get-connection/handler.ts';
import { handler as getRun } from '../../functions/get-run/handler.ts';
import { handler as keepOutcomes } from '../../functions/keep-outcomes/handler.ts';
import { handler as listConnections } from '../../functions/list-connections/handler.ts';
import { handler as listDatasets } from '../../functions/list-datasets/handler.ts';
import { handler as listFindings } from '../../functions/list-findings/handler.ts';
import { handler as listLogs } from '../../functions/list-logs/handler.ts';
import { handler as listRuns } from '../../functions/list-runs/handler.ts';
import { handler as listSteps } from '../../functions/list-steps/handler.ts';
import { handler as listTables } from '../../functions/list-tables/handler.ts';
import { handler as openSources } from '../../functions/open-sources/handler.ts';
import { handler as profileTable } from '../../functions/profile-table/handler.ts';
import { handler as readReport } from '../../functions/read-report/handler.ts';
import { handler as reconcileRuns } from '../../functions/reconcile-runs/handler.ts';
import { handler as resumeRun } from '../../functions/resume-run/handler.ts';
import { handler as rotateConnection } from '../../functions/rotate-connection/handler.ts';
import { handler as runTool } from '../../functions/run-tool/handler.ts';
import { handler as settleRun } from '../../functions/settle-run/handler.ts';
import { handler as startAgent } from '../../functions/start-agent/handler.ts';
import { handler as takeSandbox } from '../../functions/take-sandbox/handler.ts';
import { handler as testConnection } from '../../functions/test-connection/handler.ts';
import type { TaskContext } from '../../functions/task-edge.ts';
import type { RouteFunction } from '../../src/contracts/routes.ts';
import type { TaskName } from '../../src/contracts/tasks.ts';
import type { Ports } from '../../src/ports/ports.ts';

/** A function as the local platform calls it: the event alone, of a task also whether its state is over. */
export type LocalHandler<E, R> = (event: E, context?: TaskContext) => Promise<R>;
export type HttpHandlers = Readonly<Record<RouteFunction, LocalHandler<APIGatewayProxyEvent, APIGatewayProxyResult>>>;
export type TaskHandlers = Readonly<Record<TaskName, LocalHandler<unknown, unknown>>>;

/** The functions behind the routes, made from the local ports. */
export const httpHandlers = (ports: Ports): HttpHandlers =>
  called<RouteFunction, APIGatewayProxyEvent, APIGatewayProxyResult>({
    'cancel-run': cancelRun(ports),
    'check-health': checkHealth(ports),
    'create-catalog': createCatalog(ports),
    'create-connection': createConnection(ports),
    'delete-connection': deleteConnection(ports),
    'describe-api': describeApi(ports),
    'describe-dataset': describeDataset(ports),
    'get-connection': getConnection(ports),
    'get-run': getRun(ports),
    'list-connections': listConnections(ports),
    'list-datasets': listDatasets(ports),
    'list-findings': listFindings(ports),
    'list-logs': listLogs(ports),
    'list-runs': listRuns(ports),
    'list-steps': listSteps(ports),
    'read-report': readReport(ports),
    'resume-run': resumeRun(ports),
    'rotate-connection': rotateConnection(ports),
    'change-schedule': changeSchedule(ports),
    'create-schedule': createSchedule(ports),
    'delete-schedule': deleteSchedule(ports),
    'get-schedule': getSchedule(ports),
    'list-schedules': listSchedules(ports),
    'create-webhook': createWebhook(ports),
    'list-webhooks': listWebhooks(ports),
    'get-webhook': getWebhook(ports),
    'change-webhook': changeWebhook(ports),
    'delete-webhook': deleteWebhook(ports),
    'list-deliveries': listDeliveries(ports),
    'retry-delivery': retryDelivery(ports),
    'test-connection': testConnection(ports),
  });

/** The functions that states and events call, made from the local ports. */
export const taskHandlers = (ports: Ports): TaskHandlers =>
  called<TaskName, unknown, unknown>({
    'adopt-execution': adoptExecution(ports),
    'call-model': callModel(ports),
    'check-table': checkTable(ports),
    'close-turn': closeTurn(ports),
    'collect-findings': collectFindings(ports),
    'collect-last-evidence': collectLastEvidence(ports),
    'collect-profile': collectProfile(ports),
    'finish-agent': finishAgent(ports),
    'keep-outcomes': keepOutcomes(ports),
    'list-tables': listTables(ports),
    'open-sources': openSources(ports),
    'profile-table': profileTable(ports),
    'reconcile-runs': reconcileRuns(ports),
    'run-tool': runTool(ports),
    'settle-run': settleRun(ports),
    'start-scheduled': startScheduled(ports),
    'align-schedule': alignSchedule(ports),
    'deliver-messages': deliverMessages(ports),
    'start-agent': startAgent(ports),
    'take-sandbox': takeSandbox(ports),
  });

type Lambda<E, R> = (event: E, context: Context) => Promise<R>;

/** Of the Lambda context our handlers read nothing but the signal that the local platform adds; middy asks that there is one. */
const called = <N extends string, E, R>(
  handlers: Readonly<Record<N, Lambda<E, R>>>,
): Readonly<Record<N, LocalHandler<E, R>>> => {
  const entries = Object.entries<Lambda<E, R>>(handlers).map(([name, handler]): [string, LocalHandler<E, R>] => [
    name,
    (event, context = {}) => handler(event, context as Context),
  ]);
  // Object.fromEntries forgets the names, which are those of the argument.
  return Object.fromEntries(entries) as Record<N, LocalHandler<E, R>>;
};
