import type { ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';

/** Where sandboxes and the functions that talk to them are. */
export type Network = { readonly vpc: IVpc; readonly subnets: readonly ISubnet[] };
