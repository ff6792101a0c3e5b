import { GetRolePolicyCommand, type IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import type { Permission } from './needed-permissions.ts';

/** One action that a role allows, on these resources, of a table only in these partitions. */
export type Grant = {
  readonly action: string;
  readonly resources: readonly string[];
  readonly partitions: readonly string[] | undefined;
  /** Of those that fit the partitions, which are not meant. */
  readonly except: readonly string[];
};

type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
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
    .flatMap((statement) => {
      const resources = [statement.Resource].flat();
      const partitions = partitionsOf(statement, 'ForAllValues:StringLike');
      const except = partitionsOf(statement, 'ForAllValues:StringNotLike') ?? [];
      return [statement.Action].flat().map((action): Grant => ({ action, resources, partitions, except }));
    });
};

/** What a statement says of partitions; a condition about anything else is one that this file has to learn. */
const partitionsOf = ({ Condition }: Statement, operator: string): readonly string[] | undefined => {
  const keys = Condition?.[operator]?.['dynamodb:LeadingKeys'];
  return keys === undefined ? undefined : [keys].flat();
};

/** Whether a grant is about what is asked for. `*` stands for any characters and `?` for one. */
export const covers = (grant: Grant, { action, resource, partition }: Permission): boolean =>
  grant.action === action &&
  (grant.partitions === undefined ||
    partition === undefined ||
    (grant.partitions.some((pattern) => fits(partition, pattern)) &&
      !grant.except.some((pattern) => fits(partition, pattern)))) &&
  // Some calls name no resource that a policy could be held against: the token of a task, a list of tasks.
  (resource === '*' || grant.resources.some((pattern) => fits(resource, pattern)));

const fits = (text: string, pattern: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(text);
