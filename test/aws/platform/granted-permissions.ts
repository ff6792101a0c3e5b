import { GetRolePolicyCommand, type IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import type { Permission } from './needed-permissions.ts';

/** One action that a role allows, on these resources. */
export type Grant = { readonly action: string; readonly resources: readonly string[] };

type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
};

/** What a role allows by its own policies, as the stack wrote them, references resolved. */
export const grantsOf = async (iam: IAMClient, role: string): Promise<readonly Grant[]> => {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: role }));
  const statements = await Promise.all(
    PolicyNames.map(async (name) => {
      const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: name }));
      const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: readonly Statement[] };
      return Statement;
    }),
  );
  return statements
    .flat()
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action, Resource }) =>
      [Action].flat().map((action) => ({ action, resources: [Resource].flat() as readonly string[] })),
    );
};

/** Whether a grant is about what is asked for. `*` stands for any characters and `?` for one. */
export const covers = (grant: Grant, { action, resource }: Permission): boolean =>
  grant.action === action &&
  // Some calls name no resource that a policy could be held against: the token of a task, a list of tasks.
  (resource === '*' || grant.resources.some((pattern) => fits(resource, pattern)));

const fits = (resource: string, pattern: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(resource);
