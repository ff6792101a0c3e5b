import { GetRolePolicyCommand, type IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { allows, type PolicyStatement, statementsOf } from '../../infra/policy.ts';
import type { Permission } from './needed-permissions.ts';

/** A statement of a role that allows one action. */
export type Grant = PolicyStatement;

/** Policies come from the emulator with their references resolved. */
const resolved = {
  text: String,
  texts: (value: unknown): readonly string[] => [value].flat().map(String),
};

/** All statements of a role's own policies, as the stack wrote them. */
export const roleStatements = async (iam: IAMClient, role: string): Promise<readonly PolicyStatement[]> => {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: role }));
  const statements = await Promise.all(
    PolicyNames.map(async (name) => {
      const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: name }));
      return statementsOf(JSON.parse(decodeURIComponent(PolicyDocument)), resolved);
    }),
  );
  return statements.flat();
};

/** What statements allow, action by action. */
export const grantsOf = (statements: readonly PolicyStatement[]): readonly Grant[] =>
  statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) => statement.actions.map((action): Grant => ({ ...statement, actions: [action] })));

/** The partitions that a grant is limited to; undefined where it is about no partition. */
export const partitionsOf = ({ conditions }: Grant): readonly string[] | undefined =>
  conditions.find(({ operator, key }) => operator === 'ForAllValues:StringLike' && key === 'dynamodb:LeadingKeys')
    ?.values;

/** Whether statements let through what is asked for; of a call that does not name its resource, for one of their own. */
export const covers = (statements: readonly PolicyStatement[], { action, resource, context }: Permission): boolean =>
  resource === undefined
    ? statements
        .flatMap(({ resources }) => resources)
        .some((one) => allows(statements, { action, resource: one, context }))
    : allows(statements, { action, resource, context });
