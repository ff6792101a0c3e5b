import { type RouteFunction, routes } from './routes.ts';
import type { TaskName } from './task.ts';

/** Every function: those of the routes and those of the machines' tasks. */
export type FunctionName = RouteFunction | TaskName;

type Stored = readonly ('read' | 'write')[];

/** What a function does with the ports that need a permission or something in the bundle; all others are free to it. */
export type Needs = {
  readonly runs?: Stored;
  readonly sessions?: Stored;
  readonly nodeResults?: Stored;
  readonly evidence?: Stored;
  readonly steps?: Stored;
  readonly leases?: Stored;
  readonly connections?: Stored;
  readonly idempotencyKeys?: Stored;
  readonly requestCounts?: Stored;
  readonly apiKeys?: Stored;
  readonly objects?: Stored;
  readonly secrets?: Stored;
  readonly workflow?: readonly ('start' | 'stop' | 'read' | 'answer' | 'deploy')[];
  readonly sandbox?: readonly ('take' | 'call' | 'release')[];
  readonly model?: readonly ('name' | 'call')[];
  readonly prompts?: readonly 'read'[];
  readonly datasets?: readonly 'read'[];
  readonly sourceObjects?: readonly 'read'[];
  readonly logs?: readonly 'read'[];
};

/**
 * What each function needs. It types the ports that a function's use case is given, and its role on AWS is made from it:
 * what is not declared here neither compiles nor is allowed.
 */
export const functionNeeds = {
  'create-catalog': {
    runs: ['read', 'write'],
    connections: ['read'],
    idempotencyKeys: ['write'],
    secrets: ['write'],
    workflow: ['start'],
    prompts: ['read'],
  },
  'list-runs': { runs: ['read'] },
  'get-run': { runs: ['read'], sessions: ['read'], objects: ['read'] },
  'list-steps': { runs: ['read'], steps: ['read'], workflow: ['read'] },
  'cancel-run': { runs: ['read', 'write'], workflow: ['start', 'stop'] },
  'resume-run': {
    runs: ['read', 'write'],
    sessions: ['read', 'write'],
    leases: ['write'],
    secrets: ['write'],
    workflow: ['start'],
  },
  'list-logs': { runs: ['read'], logs: ['read'] },
  'create-connection': { runs: ['read'], connections: ['write'], objects: ['read'], secrets: ['write'] },
  'list-connections': { runs: ['read'], connections: ['read'], objects: ['read'] },
  'get-connection': { runs: ['read'], connections: ['read'], objects: ['read'] },
  'delete-connection': { runs: ['read'], connections: ['read', 'write'], objects: ['read'], secrets: ['write'] },
  'test-connection': {
    runs: ['read', 'write'],
    connections: ['read', 'write'],
    secrets: ['write'],
    workflow: ['start'],
  },
  'rotate-connection': { runs: ['read'], connections: ['read', 'write'], objects: ['read'], secrets: ['write'] },
  'list-findings': { runs: ['read'], objects: ['read'] },
  'read-report': { runs: ['read'], objects: ['read'] },
  'list-datasets': {},
  'describe-dataset': {},
  'check-health': { model: ['name'] },
  'describe-api': {},

  'take-sandbox': { runs: ['read'], leases: ['write'], sandbox: ['take', 'release'] },
  'open-sources': {
    runs: ['read', 'write'],
    leases: ['read'],
    connections: ['read'],
    objects: ['write'],
    secrets: ['read'],
    sandbox: ['call'],
    datasets: ['read'],
    sourceObjects: ['read'],
  },
  'profile-table': { runs: ['read'], leases: ['read'], objects: ['read', 'write'], sandbox: ['call'] },
  'collect-profile': {
    runs: ['read', 'write'],
    evidence: ['write'],
    leases: ['read'],
    objects: ['read', 'write'],
    sandbox: ['call'],
  },
  'check-table': {
    runs: ['read'],
    evidence: ['write'],
    leases: ['read'],
    objects: ['read', 'write'],
    sandbox: ['call'],
  },
  'collect-findings': {
    runs: ['read'],
    nodeResults: ['write'],
    evidence: ['write'],
    leases: ['read'],
    objects: ['read', 'write'],
    sandbox: ['call'],
  },
  'start-agent': {
    runs: ['read'],
    sessions: ['read', 'write'],
    leases: ['read'],
    objects: ['read', 'write'],
    sandbox: ['call'],
    model: ['name'],
    prompts: ['read'],
  },
  'call-model': { sessions: ['read', 'write'], objects: ['read', 'write'], model: ['call'] },
  'run-tool': {
    runs: ['read', 'write'],
    sessions: ['read', 'write'],
    evidence: ['read', 'write'],
    leases: ['read'],
    objects: ['read', 'write'],
    sandbox: ['call'],
    model: ['name'],
  },
  'close-turn': { sessions: ['read', 'write'], objects: ['read', 'write'] },
  'finish-agent': {
    runs: ['read'],
    sessions: ['read', 'write'],
    nodeResults: ['write'],
    leases: ['read'],
    objects: ['read'],
    sandbox: ['call'],
  },
  'settle-run': {
    runs: ['read', 'write'],
    sessions: ['read', 'write'],
    evidence: ['write'],
    steps: ['read', 'write'],
    leases: ['read', 'write'],
    objects: ['write'],
    secrets: ['write'],
    workflow: ['read'],
    sandbox: ['call', 'release'],
  },
} as const satisfies Readonly<Record<FunctionName, Needs>>;

/** Who asks is found by the key's hash, and each request is counted against its key: what the edge needs on a route with keys. */
const keyNeeds = { requestCounts: ['write'], apiKeys: ['read'] } as const satisfies Needs;

/** All functions. */
export const functionNames = Object.keys(functionNeeds) as readonly FunctionName[];

const keyed: ReadonlySet<string> = new Set(
  Object.values(routes).flatMap((route) => (route.roles === 'anyone' ? [] : [route.function])),
);

/** All that a function needs, its edge included. */
export const needsOf = (name: FunctionName): Needs =>
  keyed.has(name) ? { ...functionNeeds[name], ...keyNeeds } : functionNeeds[name];
