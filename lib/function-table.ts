import {
  type FunctionName,
  functionNames,
  maintenanceFunctions,
  type Needs,
  needsOf,
} from '../src/contracts/function-needs.ts';
import { isTaskName, taskNames } from '../src/contracts/tasks.ts';
import { functionTimeoutSeconds } from '../src/domain/chain/invoke.ts';

type GrantOf<P extends keyof Needs> = P extends keyof Needs ? `${P}:${NonNullable<Needs[P]>[number]}` : never;

/** What a function may do with a port; `permissions.ts` says what that is in IAM's words. */
export type Grant = GrantOf<keyof Needs>;

/** What a role has to allow for what a function needs. */
const grantsOf = (needs: Needs): readonly Grant[] =>
  Object.entries<readonly string[]>(needs).flatMap(([port, accesses]) =>
    // The kinds of access to a port are those of its row in the needs, which Object.entries forgets.
    accesses.map((access) => `${port}:${access}` as Grant),
  );

/** What a function's role allows, and the longest one call of it may take. */
export type FunctionLimits = { readonly grants: readonly Grant[]; readonly seconds: number };

/** API Gateway gives up after 29 s; a function that ends before it is still answered for by its own words. */
const routeSeconds = 26;

/** What keeps a deployment in order is done in seconds, and is called again. */
const maintenanceSeconds = 60;

const secondsOf = (name: FunctionName): number => {
  if (isTaskName(name)) return functionTimeoutSeconds;
  return maintenanceFunctions.some((one) => one === name) ? maintenanceSeconds : routeSeconds;
};

/** What each function is deployed with. */
export const functionTable = Object.fromEntries(
  functionNames.map((name): [FunctionName, FunctionLimits] => [
    name,
    { grants: grantsOf(needsOf(name)), seconds: secondsOf(name) },
  ]),
) as Readonly<Record<FunctionName, FunctionLimits>>;

/** Called by the event of an execution's end, by the clock, by the scheduler and by one another, by no state. */
const calledByNoState: readonly string[] = [
  'settle-run',
  'collect-last-evidence',
  'reconcile-runs',
  'start-scheduled',
  'align-schedule',
  'deliver-messages',
];

/** The functions that the states of machines call. */
export const stateFunctions = taskNames.filter((name) => !calledByNoState.includes(name));
