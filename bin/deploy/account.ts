/** What the checks before a deployment ask an account. Each answers undefined where there is no such thing. */
export type Account = {
  /** Fails where there are no credentials, or they are refused. */
  identity(): Promise<{ readonly account: string; readonly arn: string }>;
  region(): Promise<string>;
  /** The version of the CDK's bootstrap stack in the region. */
  bootstrapVersion(): Promise<number | undefined>;
  /** Fargate's vCPUs that may run at once. */
  fargateCpus(): Promise<number | undefined>;
  /** Calls of functions that may run at once, in the whole account. */
  concurrentCalls(): Promise<number | undefined>;
  /** Of these subnets, those that are there, with their VPC. */
  subnets(ids: readonly string[]): Promise<readonly { readonly id: string; readonly vpcId: string }[]>;
  /** The services that the VPC has endpoints of, by the last part of their name (`s3`, `ecr.api`). */
  endpoints(vpcId: string): Promise<readonly string[]>;
};
