import * as z from 'zod';
import { Advice } from './advice.ts';
import { CatalogRequest, CatalogSource } from './catalog.ts';
import { ConnectionPage, ConnectionRequest, ConnectionView, RotationRequest } from './connection.ts';
import { DatasetList, DatasetSchema } from './dataset.ts';
import { Evidence } from './evidence.ts';
import { Drift } from './drift.ts';
import { FailureReport } from './failure-report.ts';
import { type FailureKind, failureKinds, failures } from './failure.ts';
import { FindingPage } from './finding-page.ts';
import { Finding } from './finding.ts';
import { Health } from './health.ts';
import { LogPage } from './log-entry.ts';
import { problemExample } from './problem-examples.ts';
import { Problem } from './problem.ts';
import { RunProfile } from './profile.ts';
import { Report, ReportVersion2, StoredReport } from './report.ts';
import { routeExamples } from './route-examples.ts';
import { routeTexts, tags } from './route-texts.ts';
import type { Route } from './route.ts';
import { type RouteName, routes } from './routes.ts';
import { ResumeRequest, RunAccepted, RunPage, RunView } from './run.ts';
import { ScheduleChange, SchedulePage, ScheduleRequest, ScheduleView } from './schedule.ts';
import { StepList } from './step.ts';
import { WebhookChange, WebhookPage, WebhookRequest, WebhookView, DeliveryPage, DeliveryView } from './webhook.ts';

type Json = Readonly<Record<string, unknown>>;

/** The version of the API that the document carries. */
export const apiVersion = '0.1.0';

// What has a name in the document; every other schema stands where it is used.
const answers = {
  Advice,
  ConnectionPage,
  ConnectionView,
  DatasetList,
  DatasetSchema,
  DeliveryPage,
  DeliveryView,
  Drift,
  Evidence,
  FailureReport,
  Finding,
  FindingPage,
  Health,
  LogPage,
  Problem,
  Report,
  ReportVersion2,
  RunAccepted,
  RunPage,
  RunProfile,
  RunView,
  SchedulePage,
  ScheduleView,
  StepList,
  StoredReport,
  WebhookPage,
  WebhookView,
};
const requests = {
  CatalogRequest,
  ConnectionRequest,
  ResumeRequest,
  RotationRequest,
  ScheduleChange,
  ScheduleRequest,
  WebhookChange,
  WebhookRequest,
};

const nameSchemas = (named: Readonly<Record<string, z.ZodType>>) => {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  return registry;
};

const answerNames = nameSchemas(answers);
const requestNames = nameSchemas(requests);
const uri = (id: string): string => `#/components/schemas/${id}`;

const withoutIdentity = ({ $schema: _schema, $id: _id, ...schema }: Json): Json => schema;

/** How one database is named. */
const places = ['connection', 'db_conn_string', 'dataset'];

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>;

const override: Override = ({ zodSchema, jsonSchema }) => {
  // To zod this says that the array is not changed in place; to OpenAPI it would say that a request may not carry it.
  delete jsonSchema.readOnly;
  // A refinement has no JSON Schema of its own.
  if (zodSchema === CatalogRequest) jsonSchema.oneOf = [...places, 'sources'].map((place) => ({ required: [place] }));
  if (zodSchema === CatalogSource) jsonSchema.oneOf = places.map((place) => ({ required: [place] }));
};

/** Bodies are described as they may be sent (defaults may be left out), answers as they come (defaults are there). */
const componentSchemas = (): Json => {
  const { schemas: sent } = z.toJSONSchema(requestNames, { io: 'input', uri, override });
  const { schemas: answered } = z.toJSONSchema(answerNames, { io: 'output', uri, override });
  return Object.fromEntries(
    Object.entries({ ...sent, ...answered }).map(([name, schema]) => [name, withoutIdentity({ ...schema })]),
  );
};

const inline = (schema: z.ZodType): Json => withoutIdentity({ ...z.toJSONSchema(schema, { io: 'output', override }) });

const refer = (schema: z.ZodType, names: ReturnType<typeof nameSchemas>): Json => {
  const id = names.get(schema)?.id;
  return id === undefined ? inline(schema) : { $ref: uri(id) };
};

type Example = { readonly params?: Json; readonly query?: Json; readonly body?: Json; readonly answer: Json };

const parameters = (
  place: 'path' | 'query' | 'header',
  schema: z.ZodObject | undefined,
  examples: Json = {},
): readonly Json[] =>
  Object.entries<z.ZodType>(schema?.shape ?? {}).map(([name, type]) => ({
    name,
    in: place,
    required: place === 'path' || !type.safeParse(undefined).success,
    schema: inline(type),
    ...(name in examples && { example: examples[name] }),
  }));

/** The failures a route can answer with before its own work begins. */
const failuresOf = (route: Route): readonly FailureKind[] => [
  ...(route.params || route.query || route.body ? (['INVALID_REQUEST'] as const) : []),
  ...(route.roles === 'anyone' ? [] : (['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED'] as const)),
  ...(route.params ? (['NOT_FOUND'] as const) : []),
  ...(route.body ? (['REQUEST_TOO_LARGE'] as const) : []),
];

const problem = (description: string, kinds: readonly FailureKind[]): Json => ({
  description,
  content: {
    'application/problem+json': {
      schema: refer(Problem, answerNames),
      examples: Object.fromEntries(kinds.map((kind) => [kind, { $ref: `#/components/examples/${kind}` }])),
    },
  },
});

const header = (description: string, schema: Json, example: unknown): Json => ({ description, schema, example });

/** What more an answer with a failure says in its headers. */
const headersOf: { readonly [K in FailureKind]?: Json } = {
  UNAUTHENTICATED: { 'www-authenticate': header('How to say who asks', { type: 'string' }, 'Bearer') },
  RATE_LIMITED: {
    'retry-after': header('Seconds after which the key may send requests again', { type: 'integer', minimum: 1 }, 12),
  },
};

/** The answer to a failure of one kind, once for all routes; `Problem` is that to any kind. */
const failureResponses = (): Json => {
  const own = [...new Set(Object.values<Route>(routes).flatMap(failuresOf))].map((kind) => [
    kind,
    { ...problem(failures[kind].title, [kind]), ...(headersOf[kind] && { headers: headersOf[kind] }) },
  ]);
  return { ...Object.fromEntries(own), Problem: problem('Any row of the failure table', failureKinds) };
};

const operation = (name: RouteName, route: Route): Json => {
  const example: Example = routeExamples[name];
  const { tag, summary, description } = routeTexts[name];
  return {
    operationId: name,
    tags: [tag],
    summary,
    description,
    security: route.roles === 'anyone' ? [] : [{ api_key: [] }],
    parameters: [
      ...parameters('path', route.params, example.params),
      ...parameters('query', route.query, example.query),
      ...parameters('header', route.headers),
    ],
    ...(route.body && {
      requestBody: {
        // Nothing sent is an object without fields.
        required: !route.body.safeParse({}).success,
        content: { 'application/json': { schema: refer(route.body, requestNames), example: example.body } },
      },
    }),
    responses: {
      [route.status]: {
        description: summary,
        content: {
          'application/json': { schema: refer(route.output, answerNames), example: example.answer },
          ...(route.html && { 'text/html': { schema: { type: 'string' }, example: '<!doctype html>…' } }),
        },
      },
      ...(route.redirects && {
        307: {
          description: 'It is large: read it where `location` says, without the key.',
          headers: { location: header('A link for two minutes', { type: 'string', format: 'uri' }, 'https://…') },
        },
      }),
      ...Object.fromEntries(
        failuresOf(route).map((kind) => [failures[kind].status, { $ref: `#/components/responses/${kind}` }]),
      ),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
};

const paths = (): Json => {
  const byPath: Record<string, Record<string, Json>> = {};
  // The names of a table's rows, which Object.entries forgets.
  for (const [name, route] of Object.entries<Route>(routes) as [RouteName, Route][]) {
    (byPath[route.path] ??= {})[route.method.toLowerCase()] = operation(name, route);
  }
  return byPath;
};

/** The API as an OpenAPI 3.1 document, made from the route table. */
export const openapi = () => ({
  openapi: '3.1.1',
  info: {
    title: 'Surveyor',
    version: apiVersion,
    description: 'Surveys a database with agents and publishes what they find as reports.',
  },
  servers: [{ url: '/', description: 'The service that gave out this document' }],
  tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
  paths: paths(),
  components: {
    schemas: componentSchemas(),
    responses: failureResponses(),
    examples: Object.fromEntries(
      failureKinds.map((kind) => [kind, { summary: failures[kind].title, value: problemExample(kind) }]),
    ),
    securitySchemes: { api_key: { type: 'http', scheme: 'bearer', description: 'The API key made on first start' } },
  },
});
