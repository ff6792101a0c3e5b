import { DescribeSubnetsCommand, DescribeVpcEndpointsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Account } from './account.ts';

/** Where the CDK notes the version of its bootstrap stack, unless it was given a qualifier of its own. */
const bootstrapParameter = '/cdk-bootstrap/hnb659fds/version';
/** AWS's own names of the quota "Fargate On-Demand vCPU resource count". */
const fargateQuota = { ServiceCode: 'fargate', QuotaCode: 'L-3032A538' };

/** The account that the credentials of this shell lead to. Asks it only what the checks want to know. */
export const awsAccount = (): Account => {
  const limits = { maxAttempts: 2 };
  const sts = new STSClient(limits);
  const ec2 = new EC2Client(limits);
  return {
    async identity() {
      const { Account: account = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
      return { account, arn };
    },
    region: async () => sts.config.region(),
    async bootstrapVersion() {
      try {
        const found = await new SSMClient(limits).send(new GetParameterCommand({ Name: bootstrapParameter }));
        return Number(found.Parameter?.Value);
      } catch (thrown) {
        if (thrown instanceof Error && thrown.name === 'ParameterNotFound') return undefined;
        throw thrown;
      }
    },
    async fargateCpus() {
      return (await new ServiceQuotasClient(limits).send(new GetServiceQuotaCommand(fargateQuota))).Quota?.Value;
    },
    async concurrentCalls() {
      const settings = await new LambdaClient(limits).send(new GetAccountSettingsCommand({}));
      return settings.AccountLimit?.ConcurrentExecutions;
    },
    async subnets(ids) {
      // A filter, since asking for an id that is not there fails without saying which of them it was.
      const Filters = [{ Name: 'subnet-id', Values: [...ids] }];
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
      return Subnets.map(({ SubnetId: id = '', VpcId: vpcId = '' }) => ({ id, vpcId }));
    },
    async endpoints(vpcId) {
      const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
      const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({ Filters }));
      return VpcEndpoints.filter(({ State }) => State?.toLowerCase() === 'available').map(({ ServiceName = '' }) =>
        // com.amazonaws.eu-west-1.ecr.api
        ServiceName.split('.').slice(3).join('.'),
      );
    },
  };
};
