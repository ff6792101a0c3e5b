import { CfnOutput } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BroughtNetwork } from './brought-network.ts';
import { endpointPolicies, type Reachable } from './endpoint-policies.ts';
import type { Network } from './network.ts';
import { networkOptions } from './network-options.ts';
import { OwnNetwork } from './own-network.ts';
import { SecurityGroups } from './security-groups.ts';

/** The network of the sandboxes that the context asks for, with the groups of who is in it. */
export const sandboxNetwork = (
  scope: Construct,
  reachable: Reachable,
): Network & { readonly groups: SecurityGroups } => {
  const network = new Construct(scope, 'Network');
  const options = networkOptions(scope.node);
  if (options.kind === 'brought') {
    const brought = new BroughtNetwork(network, 'Brought', options);
    const groups = new SecurityGroups(network, 'Groups', brought, options);
    return { vpc: brought.vpc, subnets: brought.subnets, groups };
  }
  const own = new OwnNetwork(network, 'Own', options);
  const groups = new SecurityGroups(network, 'Groups', own, options);
  own.addEndpoints(groups, endpointPolicies(network, reachable));
  // What a private database is connected with: peering or a transit gateway, and routes to it.
  new CfnOutput(scope, 'VpcId', { value: own.vpc.vpcId, description: 'Where sandboxes run' });
  new CfnOutput(scope, 'RouteTableIds', {
    value: own.subnets.map(({ routeTable }) => routeTable.routeTableId).join(','),
    description: 'What a route to a database is added to',
  });
  return { vpc: own.vpc, subnets: own.subnets, groups };
};
