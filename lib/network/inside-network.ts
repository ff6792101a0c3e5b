import type { FunctionOptions } from 'aws-cdk-lib/aws-lambda';
import type { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { type Role, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type FunctionName, needsOf } from '../../src/contracts/function-needs.ts';
import type { Network } from './network.ts';

/** The network as functions are put into it. */
export type FunctionNetwork = Network & { readonly group: SecurityGroup };

/** Whether a function talks to a sandbox, and so sits in its network. */
export const isInside = (name: FunctionName): boolean =>
  (needsOf(name).sandbox ?? []).some((access) => access === 'call');

/** What puts a function into the network. */
export const insideNetwork = ({ vpc, subnets, group }: FunctionNetwork): FunctionOptions => ({
  vpc,
  vpcSubnets: { subnets: [...subnets] },
  securityGroups: [group],
});

/** What Lambda does with a function's network interfaces, none of which knows resources. */
const actions = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** Lets Lambda itself attach a function to the network, by the function's role, and the function's own code not. */
export const allowAttachment = (role: Role, functionArn: string): void => {
  role.addToPolicy(new PolicyStatement({ actions, resources: ['*'] }));
  role.addToPolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
    }),
  );
};
