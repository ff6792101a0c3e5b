import { GetRolePolicyCommand, type IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { allows, type PolicyStatement, statementsOf } from '../../infra/policy.ts';
import type { Permission } from './needed-permissions.ts';

/** A statement of a role, of one action. */
export type Grant = PolicyStatement;

/** Policies come from the emulator with their references resolved. */
const resolved = {
  text: String,
  texts: (value: unknown): readonly string[] => [value].flat().map(String),
};

/** What a role allows by its own policies, as the stack wrote them. */
export const grantsOf = async (iam: IAMClient, role: string): Promise<readonly Grant[]> => {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: role }));
  const statements = await Promise.all(
    PolicyNames.map(async (name) => {
      const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: name }));
      return statementsOf(JSON.parse(decodeURIComponent(PolicyDocument)), resolved);
    }),
  );
  return statements.flat().flatMap((statement) => {
    if (statement.effect !== 'Allow')
      throw new Error(`The role ${role} denies something: hold calls against all of it.`);
    return statement.actions.map((action): Grant => ({ ...statement, actions: [action] }));
  });
};

/** The partitions that a grant is limited to; undefined where it is about no partition. */
export const partitionsOf = ({ conditions }: Grant): readonly string[] | undefined =>
  conditions.find(({ operator, key }) => operator === 'ForAllValues:StringLike' && key === 'dynamodb:LeadingKeys')
    ?.values;

/** Whether a grant is about what is asked for. */
export const covers = (grant: Grant, { action, resource, context }: Permission): boolean =>
  resource === undefined
    ? grant.resources.some((one) => allows([grant], { action, resource: one, context }))
    : allows([grant], { action, resource, context });
