import type { RouteFunction } from '../src/contracts/routes.ts';
import { type TaskName, taskNames } from '../src/contracts/task.ts';
import { functionTimeoutSeconds } from '../src/domain/chain/invoke.ts';

/** What a function may do with a port; `permissions.ts` says what that is in IAM's words. */
export type Grant =
  | 'runs:read'
  | 'runs:write'
  | 'objects:read'
  | 'objects:write'
  | 'secrets:read'
  | 'secrets:write'
  | 'workflow:start'
  | 'workflow:stop'
  | 'workflow:read'
  | 'logs:read'
  | 'sandbox:call'
  | 'prompts:read'
  | 'model:call';

/** Every function: those of the routes and those of the machines' tasks. */
export type FunctionName = RouteFunction | TaskName;

/** One function's needs. */
export type FunctionNeeds = {
  readonly grants: readonly Grant[];
  /** The longest one call may take. */
  readonly seconds: number;
};

/** API Gateway gives up after 29 s; a function that works on would do so for nobody. */
const routeSeconds = 29;

/** Who asks is found by the key's hash, and each request is counted against its key. */
const keyed = ['runs:read', 'runs:write'] as const satisfies readonly Grant[];

const open: FunctionNeeds = { grants: [], seconds: routeSeconds };
const route = (...grants: readonly Grant[]): FunctionNeeds => ({
  grants: [...keyed, ...grants],
  seconds: routeSeconds,
});
const task = (...grants: readonly Grant[]): FunctionNeeds => ({ grants, seconds: functionTimeoutSeconds });

/** What each function needs, and thereby all that its role allows. */
export const functionTable: Readonly<Record<FunctionName, FunctionNeeds>> = {
  'create-catalog': route('secrets:write', 'workflow:start', 'prompts:read'),
  'list-runs': route(),
  'get-run': route('objects:read'),
  'list-steps': route('workflow:read'),
  'cancel-run': route('workflow:start', 'workflow:stop'),
  'resume-run': route('secrets:write', 'workflow:start'),
  'list-logs': route('logs:read'),
  'list-findings': route('objects:read'),
  'read-report': route('objects:read'),
  'create-connection': route('objects:read', 'secrets:write'),
  'list-connections': route('objects:read'),
  'get-connection': route('objects:read'),
  'delete-connection': route('objects:read', 'secrets:write'),
  'test-connection': route('secrets:write', 'workflow:start'),
  'rotate-connection': route('objects:read', 'secrets:write'),
  'list-datasets': route(),
  'describe-dataset': route(),
  'check-health': open,
  'describe-api': open,

  'acquire-sandbox': task('runs:read', 'runs:write', 'objects:write', 'secrets:read', 'sandbox:call'),
  'profile-table': task('runs:read', 'objects:read', 'objects:write', 'sandbox:call'),
  'collect-profile': task('runs:read', 'runs:write', 'objects:read', 'objects:write', 'sandbox:call'),
  'check-table': task('runs:read', 'runs:write', 'objects:read', 'objects:write', 'sandbox:call'),
  'collect-findings': task('runs:read', 'runs:write', 'objects:read', 'objects:write', 'sandbox:call'),
  'start-agent': task('runs:read', 'runs:write', 'objects:read', 'objects:write', 'sandbox:call', 'prompts:read'),
  'call-model': task('runs:read', 'runs:write', 'objects:read', 'objects:write', 'model:call'),
  'run-tool': task('runs:read', 'runs:write', 'objects:read', 'objects:write', 'sandbox:call'),
  'close-turn': task('runs:read', 'runs:write', 'objects:read', 'objects:write'),
  'finish-agent': task('runs:read', 'runs:write', 'objects:read', 'sandbox:call'),
  'settle-run': task('runs:read', 'runs:write', 'objects:write', 'secrets:write', 'sandbox:call', 'workflow:read'),
};

/** The functions that the states of machines call; the event of an execution's end calls settle-run, no state does. */
export const stateFunctions = taskNames.filter((name) => name !== 'settle-run');

/** All functions. */
export const functionNames = Object.keys(functionTable) as readonly FunctionName[];
