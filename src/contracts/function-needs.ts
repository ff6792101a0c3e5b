import { type RouteFunction, routes } from './routes.ts';
import type { TaskName } from './tasks.ts';

/** The functions that keep a deployment on AWS in order: called by time, at deployments and by the table’s stream, by no route and no machine. */
export const maintenanceFunctions = ['renew-certificate', 'publish-messages'] as const;
export type MaintenanceFunction = (typeof maintenanceFunctions)[number];

/** Every function: those of the routes, those of the machines' tasks, and those that keep a deployment in order. */
export type FunctionName = RouteFunction | TaskName | MaintenanceFunction;

type Stored = readonly ('read' | 'write')[];

/**
 * What a function does with the ports that need a permission or something in the bundle; all others are free to it. An access
 * is as small as a role can tell apart: by action, and in the table by partition.
 */
export type Needs = {
  readonly runs?: readonly ('read' | 'list' | 'previous' | 'running' | 'create' | 'write')[];
  readonly sessions?: readonly ('read' | 'list' | 'begin' | 'write')[];
  readonly nodeResults?: Stored;
  readonly evidence?: Stored;
  readonly steps?: Stored;
  readonly leases?: readonly ('read' | 'write' | 'delete')[];
  readonly connections?: readonly ('read' | 'list' | 'create' | 'update' | 'delete')[];
  readonly idempotencyKeys?: readonly 'write'[];
  readonly requestCounts?: readonly 'write'[];
  readonly apiKeys?: readonly ('read' | 'use' | 'administer')[];
  readonly schedules?: readonly ('read' | 'list' | 'create' | 'update' | 'delete')[];
  readonly deliveries?: readonly ('add' | 'read' | 'list' | 'due' | 'try' | 'retry')[];
  readonly scheduler?: readonly ('announce' | 'put' | 'remove')[];
  readonly webhooks?: readonly ('read' | 'list' | 'create' | 'update' | 'delete')[];
  readonly webhookSender?: readonly ('check' | 'send')[];
  /** Of the object store, the three places that src/contracts/object-places.ts tells apart. */
  readonly documents?: Stored;
  readonly reports?: readonly ('read' | 'link' | 'write')[];
  readonly evidenceObjects?: Stored;
  readonly secrets?: readonly ('read' | 'put' | 'delete' | 'list')[];
  readonly webhookSecrets?: readonly ('read' | 'put' | 'delete')[];
  readonly workflow?: readonly ('start' | 'stop' | 'read' | 'answer' | 'deploy')[];
  readonly sandbox?: readonly ('take' | 'call' | 'release' | 'sweep')[];
  readonly model?: readonly ('name' | 'call')[];
  readonly prompts?: readonly ('choose' | 'read')[];
  readonly datasets?: readonly 'read'[];
  readonly sourceObjects?: readonly 'read'[];
  readonly logs?: readonly 'read'[];
  readonly functions?: readonly ('call' | 'send')[];
  readonly bus?: readonly 'put'[];
  readonly runChanges?: readonly 'read'[];
  readonly console?: readonly 'address'[];
  readonly certificates?: readonly 'renew'[];
};

/** What the end of a run needs. */
const settling = {
  runs: ['read', 'write'],
  sessions: ['list', 'write'],
  steps: ['read', 'write'],
  leases: ['read', 'delete'],
  secrets: ['delete'],
  workflow: ['read', 'stop'],
  sandbox: ['release'],
  functions: ['call'],
} as const satisfies Needs;

/**
 * What each function needs. It types the ports that a function's use case is given, and its role on AWS is made from it:
 * what is not declared here neither compiles nor is allowed.
 */
export const functionNeeds = {
  'create-catalog': {
    runs: ['read', 'create', 'write'],
    connections: ['read'],
    idempotencyKeys: ['write'],
    secrets: ['put', 'delete'],
    workflow: ['start'],
    prompts: ['choose'],
  },
  'list-runs': { runs: ['list'] },
  'get-run': { runs: ['read'], sessions: ['list'], documents: ['read'], console: ['address'] },
  'list-steps': { runs: ['read'], steps: ['read'], workflow: ['read'] },
  'cancel-run': { runs: ['read', 'write'], workflow: ['start', 'stop'] },
  'resume-run': {
    runs: ['read', 'write'],
    sessions: ['list', 'write'],
    leases: ['delete'],
    secrets: ['put', 'delete'],
    workflow: ['start'],
  },
  'list-logs': { runs: ['read'], logs: ['read'] },
  'create-connection': { connections: ['create', 'delete'], secrets: ['put'] },
  'list-connections': { runs: ['read'], connections: ['list'], documents: ['read'] },
  'get-connection': { runs: ['read'], connections: ['read'], documents: ['read'] },
  'delete-connection': {
    runs: ['read', 'running'],
    connections: ['read', 'delete'],
    documents: ['read'],
    secrets: ['delete'],
  },
  'test-connection': {
    runs: ['read', 'create', 'write'],
    connections: ['read', 'update'],
    workflow: ['start'],
  },
  'rotate-connection': { connections: ['read', 'update'], secrets: ['put', 'delete'] },
  'create-schedule': { connections: ['read'], schedules: ['create', 'delete'], scheduler: ['announce', 'put'] },
  'list-schedules': { schedules: ['list'] },
  'get-schedule': { schedules: ['read'] },
  'change-schedule': { connections: ['read'], schedules: ['read', 'update'], scheduler: ['announce', 'put'] },
  'delete-schedule': { schedules: ['read', 'delete'], scheduler: ['announce', 'remove'] },
  'create-webhook': { webhooks: ['list', 'create', 'delete'], webhookSecrets: ['put'], webhookSender: ['check'] },
  'list-webhooks': { webhooks: ['list'] },
  'get-webhook': { webhooks: ['read'] },
  'change-webhook': {
    webhooks: ['read', 'update'],
    webhookSecrets: ['read', 'put', 'delete'],
    webhookSender: ['check'],
  },
  'delete-webhook': { webhooks: ['read', 'delete'], webhookSecrets: ['delete'] },
  'list-deliveries': { webhooks: ['read'], deliveries: ['list'] },
  'retry-delivery': { webhooks: ['read'], deliveries: ['read', 'retry'] },
  'list-findings': { runs: ['read'], documents: ['read'] },
  'read-report': { runs: ['read'], reports: ['read', 'link'] },
  'list-datasets': {},
  'describe-dataset': {},
  'check-health': { model: ['name'] },
  'describe-api': {},

  'adopt-execution': { runs: ['read', 'create'], connections: ['read'], prompts: ['choose'] },
  'take-sandbox': { runs: ['read'], leases: ['write'], sandbox: ['take', 'release'] },
  'open-sources': {
    runs: ['read', 'write'],
    leases: ['read'],
    connections: ['read'],
    documents: ['read', 'write'],
    secrets: ['read'],
    sandbox: ['call'],
    datasets: ['read'],
    sourceObjects: ['read'],
  },
  'list-tables': { runs: ['read'], documents: ['read'] },
  'keep-outcomes': { documents: ['write'] },
  'profile-table': { runs: ['read'], leases: ['read'], documents: ['read', 'write'], sandbox: ['call'] },
  'collect-profile': {
    runs: ['read', 'previous', 'write'],
    evidence: ['write'],
    leases: ['read'],
    documents: ['read', 'write'],
    evidenceObjects: ['write'],
    sandbox: ['call'],
  },
  'check-table': {
    runs: ['read'],
    evidence: ['write'],
    leases: ['read'],
    documents: ['read', 'write'],
    evidenceObjects: ['write'],
    sandbox: ['call'],
  },
  'collect-findings': {
    runs: ['read', 'previous'],
    nodeResults: ['write'],
    evidence: ['write'],
    leases: ['read'],
    documents: ['read', 'write'],
    evidenceObjects: ['write'],
    sandbox: ['call'],
  },
  'start-agent': {
    runs: ['read', 'previous'],
    sessions: ['read', 'begin', 'write'],
    leases: ['read'],
    documents: ['read', 'write'],
    reports: ['read'],
    sandbox: ['call'],
    model: ['name'],
    prompts: ['read'],
  },
  'call-model': { sessions: ['read', 'write'], documents: ['read', 'write'], model: ['call'] },
  'run-tool': {
    runs: ['read', 'previous', 'write'],
    sessions: ['read', 'write'],
    evidence: ['read', 'write'],
    leases: ['read'],
    documents: ['read', 'write'],
    reports: ['write'],
    evidenceObjects: ['read', 'write'],
    sandbox: ['call'],
    model: ['name'],
  },
  'close-turn': { sessions: ['read', 'write'], documents: ['read', 'write'] },
  'finish-agent': {
    runs: ['read'],
    sessions: ['read', 'write'],
    nodeResults: ['write'],
    leases: ['read'],
    documents: ['read'],
    sandbox: ['call'],
  },
  'collect-last-evidence': {
    evidence: ['write'],
    leases: ['read'],
    evidenceObjects: ['write'],
    sandbox: ['call'],
  },
  'settle-run': settling,
  // It settles what no event has, and clears away what no run has.
  'reconcile-runs': {
    ...settling,
    runs: ['read', 'running', 'write'],
    connections: ['read'],
    webhooks: ['read'],
    secrets: ['delete', 'list'],
    webhookSecrets: ['delete'],
    sandbox: ['release', 'sweep'],
  },

  'renew-certificate': { certificates: ['renew'] },
  'publish-messages': {
    runChanges: ['read'],
    deliveries: ['add'],
    webhooks: ['list'],
    bus: ['put'],
    functions: ['send'],
  },
  'deliver-messages': {
    deliveries: ['due', 'try'],
    webhooks: ['read'],
    webhookSecrets: ['read'],
    webhookSender: ['send'],
  },
  'start-scheduled': {
    runs: ['read', 'running', 'create', 'write'],
    connections: ['read'],
    idempotencyKeys: ['write'],
    schedules: ['read', 'update'],
    workflow: ['start'],
    prompts: ['choose'],
  },
  'align-schedule': { schedules: ['read'], scheduler: ['put', 'remove'] },
} as const satisfies Readonly<Record<FunctionName, Needs>>;

/** Who asks is found by the key's hash, and each request is counted against its key: what the edge needs on a route with keys. */
const keyNeeds = { requestCounts: ['write'], apiKeys: ['read', 'use'] } as const satisfies Needs;

/** All functions. */
export const functionNames = Object.keys(functionNeeds) as readonly FunctionName[];

const keyed: ReadonlySet<string> = new Set(
  Object.values(routes).flatMap((route) => (route.roles === 'anyone' ? [] : [route.function])),
);

/** All that a function needs, its edge included. */
export const needsOf = (name: FunctionName): Needs =>
  keyed.has(name) ? { ...functionNeeds[name], ...keyNeeds } : functionNeeds[name];
