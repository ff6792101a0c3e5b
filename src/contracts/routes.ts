import { z } from 'zod';
import { CatalogAccepted, CatalogRequest } from './catalog.ts';
import { Name, RunId } from './common.ts';
import { DatasetList, DatasetSchema } from './dataset.ts';
import { Health } from './health.ts';
import { Report } from './report.ts';
import { RunPage, RunView } from './run.ts';
import { StepList } from './step.ts';

/** What an API key may do. `anyone` needs no key. */
export type Role = 'reader' | 'operator';

/** One route of the API. `function` is the folder below functions/ and the Lambda function's name. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly function: string;
  readonly summary: string;
  readonly roles: readonly Role[] | 'anyone';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly status: number;
  /** The JSON answer. */
  readonly output: z.ZodType;
  /** Whether the same thing can also be had as an HTML page, chosen by `Accept`. */
  readonly html?: true;
};

const anyRole = ['reader', 'operator'] as const;
const runParams = z.strictObject({ id: RunId });

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
    roles: ['operator'],
    body: CatalogRequest,
    status: 202,
    output: CatalogAccepted,
  },
  listRuns: {
    method: 'GET',
    path: '/runs',
    function: 'list-runs',
    summary: 'The runs, newest first',
    roles: anyRole,
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: z.string().max(512).optional(),
    }),
    status: 200,
    output: RunPage,
  },
  getRun: {
    method: 'GET',
    path: '/runs/{id}',
    function: 'get-run',
    summary: 'One run and its agents',
    roles: anyRole,
    params: runParams,
    status: 200,
    output: RunView,
  },
  listSteps: {
    method: 'GET',
    path: '/runs/{id}/steps',
    function: 'list-steps',
    summary: 'What a run did, state by state',
    roles: anyRole,
    params: runParams,
    status: 200,
    output: StepList,
  },
  readReport: {
    method: 'GET',
    path: '/runs/{id}/reports/{agent}',
    function: 'read-report',
    summary: 'A report, as a page or as data',
    roles: anyRole,
    params: z.strictObject({ id: RunId, agent: Name }),
    status: 200,
    output: Report,
    html: true,
  },
  listDatasets: {
    method: 'GET',
    path: '/datasets',
    function: 'list-datasets',
    summary: 'The sample datasets',
    roles: anyRole,
    status: 200,
    output: DatasetList,
  },
  describeDataset: {
    method: 'GET',
    path: '/datasets/{name}/schema',
    function: 'describe-dataset',
    summary: 'The tables and columns of a sample dataset',
    roles: anyRole,
    params: z.strictObject({ name: Name }),
    status: 200,
    output: DatasetSchema,
  },
  checkHealth: {
    method: 'GET',
    path: '/health',
    function: 'check-health',
    summary: 'Whether the service works',
    roles: 'anyone',
    status: 200,
    output: Health,
  },
  describeApi: {
    method: 'GET',
    path: '/openapi.json',
    function: 'describe-api',
    summary: 'This API as an OpenAPI 3.1 document',
    roles: 'anyone',
    status: 200,
    output: z.looseObject({ openapi: z.string() }),
  },
} as const satisfies Record<string, Route>;

/** The name of a route: its key in the table. */
export type RouteName = keyof typeof routes;
