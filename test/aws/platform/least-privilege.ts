import { IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { MiniStack } from '../../adapters/aws/ministack.ts';
import type { RecordedCall } from './front-door.ts';
import { covers, type Grant, grantsOf } from './granted-permissions.ts';
import { neededPermissions } from './needed-permissions.ts';

/** What each deployed function may do, by its name. */
export type FunctionGrants = ReadonlyMap<string, readonly Grant[]>;

/** Reads the policies of the deployed roles. */
export const readFunctionGrants = async ({ client }: MiniStack, names: Iterable<string>): Promise<FunctionGrants> => {
  const iam = new IAMClient(client);
  const lambda = new LambdaClient(client);
  const grants = new Map<string, readonly Grant[]>();
  for (const name of names) {
    const { Role = '' } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    grants.set(name, await grantsOf(iam, Role.slice(Role.lastIndexOf('/') + 1)));
  }
  return grants;
};

/** The calls that IAM would have refused, in words: `function: action on resource`. */
export const refusedCalls = (calls: readonly RecordedCall[], grants: FunctionGrants): readonly string[] => {
  const refused = calls.flatMap((call) =>
    neededPermissions(call)
      .filter((permission) => !(grants.get(call.caller) ?? []).some((grant) => covers(grant, permission)))
      .map(({ action, resource, partition = '' }) => `${call.caller}: ${action} on ${resource} ${partition}`.trim()),
  );
  return [...new Set(refused)].toSorted();
};

/** The grants that no call used, in words: `function: action on resources`. */
export const unusedGrants = (calls: readonly RecordedCall[], grants: FunctionGrants): readonly string[] =>
  [...grants].flatMap(([name, own]) => {
    const needed = calls.filter(({ caller }) => caller === name).flatMap(neededPermissions);
    return own
      .filter((grant) => !needed.some((permission) => covers(grant, permission)))
      .map(({ action }) => `${name}: ${action}`);
  });
