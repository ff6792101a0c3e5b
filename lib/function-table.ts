import { type FunctionName, functionNames, type Needs, needsOf } from '../src/contracts/function-needs.ts';
import { isTaskName, taskNames } from '../src/contracts/task.ts';
import { functionTimeoutSeconds } from '../src/domain/chain/invoke.ts';

/** The stores that share one table, in which no grant tells them apart. */
const stored = {
  runs: true,
  sessions: true,
  nodeResults: true,
  evidence: true,
  steps: true,
  leases: true,
  connections: true,
  idempotencyKeys: true,
  requestCounts: true,
  apiKeys: true,
} as const satisfies Partial<Record<keyof Needs, true>>;

type Port = Exclude<keyof Needs, keyof typeof stored>;
type GrantOf<P extends Port> = P extends Port ? `${P}:${NonNullable<Needs[P]>[number]}` : never;

/** What a function may do with a port; `permissions.ts` says what that is in IAM's words. */
export type Grant = 'table:read' | 'table:write' | GrantOf<Port>;

/** What a role has to allow for what a function needs. */
const grantsOf = (needs: Needs): readonly Grant[] => {
  const grants = Object.entries<readonly string[]>(needs).flatMap(([port, accesses]) =>
    // The kinds of access to a port are those of its row in the needs, which Object.entries forgets.
    accesses.map((access) => `${Object.hasOwn(stored, port) ? 'table' : port}:${access}` as Grant),
  );
  return [...new Set(grants)];
};

/** What a function's role allows, and the longest one call of it may take. */
export type FunctionLimits = { readonly grants: readonly Grant[]; readonly seconds: number };

/** API Gateway gives up after 29 s; a function that ends before it is still answered for by its own words. */
const routeSeconds = 26;

/** What each function is deployed with. */
export const functionTable = Object.fromEntries(
  functionNames.map((name): [FunctionName, FunctionLimits] => [
    name,
    { grants: grantsOf(needsOf(name)), seconds: isTaskName(name) ? functionTimeoutSeconds : routeSeconds },
  ]),
) as Readonly<Record<FunctionName, FunctionLimits>>;

/** The functions that the states of machines call; the event of an execution's end calls settle-run, no state does. */
export const stateFunctions = taskNames.filter((name) => name !== 'settle-run');
