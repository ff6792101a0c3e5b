import { type ISubnet, type IVpc, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Annotations, Fn } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Network } from './network.ts';
import type { BroughtNetworkOptions } from './network-options.ts';

/** A VPC that is there, by its ids: nothing of it is looked up, so the stack is made without asking an account. */
export class BroughtNetwork extends Construct implements Network {
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];

  constructor(scope: Construct, id: string, { vpcId, subnetIds }: BroughtNetworkOptions) {
    super(scope, id);
    this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones: [Fn.select(0, Fn.getAzs())] });
    this.subnets = subnetIds.map((subnetId) => {
      const subnet = Subnet.fromSubnetId(this, subnetId, subnetId);
      // Nothing of ours reads its route table.
      Annotations.of(subnet).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
      return subnet;
    });
  }
}
