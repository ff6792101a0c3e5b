import type { Context } from './template.ts';

/** A VPC that is brought along. */
export const broughtNetwork: Context = {
  vpcId: 'vpc-0123456789abcdef0',
  subnetIds: 'subnet-0123456789abcdef0, subnet-89abcdef',
  endpoints: 'pl-0123abcd,sg-0123456789abcdef0',
};
