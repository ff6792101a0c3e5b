import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { MiniStack } from '../../adapters/aws/ministack.ts';
import type { RecordedCall } from './front-door.ts';
import type { PolicyStatement } from '../../infra/policy.ts';
import { covers, type Grant, grantsOf, partitionsOf, roleStatements } from './granted-permissions.ts';
import { neededPermissions } from './needed-permissions.ts';

/** What each deployed function may do and what it is denied, by its name. */
export type FunctionGrants = ReadonlyMap<string, readonly PolicyStatement[]>;

/** Reads the policies of the deployed roles. */
export const readFunctionGrants = async ({ client }: MiniStack, names: Iterable<string>): Promise<FunctionGrants> => {
  const iam = new IAMClient(client);
  const lambda = new LambdaClient(client);
  const grants = new Map<string, readonly PolicyStatement[]>();
  for (const name of names) {
    const { Role = '' } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    grants.set(name, await roleStatements(iam, Role.slice(Role.lastIndexOf('/') + 1)));
  }
  return grants;
};

/** The calls that IAM would have refused, in words: `function: action on resource`. */
export const refusedCalls = (calls: readonly RecordedCall[], grants: FunctionGrants): readonly string[] => {
  const refused = calls.flatMap((call) =>
    neededPermissions(call)
      .filter((permission) => !covers(grants.get(call.caller) ?? [], permission))
      .map(({ action, resource = 'what the call does not name', context = {} }) =>
        `${call.caller}: ${action} on ${resource} ${Object.values(context).flat().join(' ')}`.trim(),
      ),
  );
  return [...new Set(refused)].toSorted();
};

/** What the roles of a stack's functions were for, as far as its tests went. All in words. */
export type UsedPermissions = {
  /** All that is allowed. */
  readonly granted: readonly string[];
  /** What of it some call made use of. */
  readonly used: readonly string[];
  /** What was called and is not allowed. */
  readonly refused: readonly string[];
};

/** Grants in words, `function: action on this, of these partitions`, and which of them calls made use of. */
export const usedPermissions = (calls: readonly RecordedCall[], grants: FunctionGrants): UsedPermissions => {
  const all = [...grants].flatMap(([name, statements]) => {
    const needed = calls.filter(({ caller }) => caller === name).flatMap(neededPermissions);
    return grantsOf(statements).map((grant) => ({
      words: `${name}: ${inWords(grant)}`,
      isUsed: needed.some((permission) => covers([grant], permission)),
    }));
  });
  return {
    granted: [...new Set(all.map(({ words }) => words))],
    used: [...new Set(all.filter(({ isUsed }) => isUsed).map(({ words }) => words))],
    refused: refusedCalls(calls, grants),
  };
};

const inWords = (grant: Grant): string => {
  const { actions, resources } = grant;
  const partitions = partitionsOf(grant);
  // The service, the region and the account are those of the action; what ends a name differs from stack to stack.
  const named = (resource: string): string =>
    resource
      .replace(/^arn:aws:[^:]*:[^:]*:[^:]*:/, '')
      .replace(/-[0-9A-Fa-f]{13}\b|(?<=^secret:\S+)-\w{6}$/g, '')
      .replace(/\/stream\/.*/, '/stream');
  const things = resources.map(named).join(', ');
  return `${actions.join()} on ${things}${partitions === undefined ? '' : ` of ${partitions.join(', ')}`}`;
};

const prefix = 'permissions-';

/** Keeps what a stack's tests used, for who looks at those of all stacks together. */
export const keepUsedPermissions = (folder: string, used: UsedPermissions): void =>
  writeFileSync(join(folder, `${prefix}${randomUUID()}.json`), JSON.stringify(used));

/** What was kept of all stacks. */
export const readUsedPermissions = (folder: string): readonly UsedPermissions[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as UsedPermissions);
