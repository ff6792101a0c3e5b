import * as z from 'zod';
import { dynamoClient } from '../clients/dynamo-client.ts';
import { ecsClient } from '../clients/ecs-client.ts';
import { fargateCalls } from '../fargate/call-sandbox.ts';
import { fargateSettings } from '../fargate/fargate-settings.ts';
import { fargateSandbox } from '../fargate-sandbox.ts';
import { trustedCertificates } from '../trusted-certificates.ts';
import { awsPort, text } from './aws-port.ts';

const count = z.coerce.number().int().nonnegative();

const Variables = z.object({
  TABLE_NAME: text,
  SANDBOX_CLUSTER: text,
  SANDBOX_TASK_DEFINITION: text,
  SANDBOX_SUBNETS: text.transform((list) => list.split(',')),
  SANDBOX_SECURITY_GROUP: text,
  SANDBOX_PLACES: count.optional(),
  SANDBOX_WARM: count.optional(),
  AWS_ENDPOINT_URL_S3: text.optional(),
});

/** The sandboxes of the deployment. */
export const sandbox = awsPort(Variables, (variables) => ({
  ...fargateSandbox({
    ecs: ecsClient(),
    dynamo: dynamoClient(),
    table: variables.TABLE_NAME,
    settings: fargateSettings({
      cluster: variables.SANDBOX_CLUSTER,
      taskDefinition: variables.SANDBOX_TASK_DEFINITION,
      subnets: variables.SANDBOX_SUBNETS,
      securityGroup: variables.SANDBOX_SECURITY_GROUP,
      objectOrigin: variables.AWS_ENDPOINT_URL_S3,
      ...(variables.SANDBOX_PLACES === undefined ? {} : { places: variables.SANDBOX_PLACES }),
      ...(variables.SANDBOX_WARM === undefined ? {} : { warm: variables.SANDBOX_WARM }),
    }),
  }),
  ...fargateCalls({ list: trustedCertificates({ client: dynamoClient(), table: variables.TABLE_NAME }) }),
}));
