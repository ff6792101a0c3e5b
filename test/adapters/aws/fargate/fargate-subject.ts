import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type FargateChoice, fargateSettings } from '../../../../src/adapters/aws/fargate/fargate-settings.ts';
import { type FargateSandbox, fargateSandbox } from '../../../../src/adapters/aws/fargate-sandbox.ts';
import type { EcsServer } from '../../../aws/ecs/ecs-server.ts';
import type { MiniStack } from '../ministack.ts';

const arn = 'arn:aws:ecs:us-east-1:000000000000';

/** Makes a table with the keys of the run table, and no more. */
export const createPlainTable = async (client: MiniStack['client'], table: string): Promise<DynamoDBDocumentClient> => {
  const dynamo = new DynamoDBClient(client);
  await dynamo.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  return DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } });
};

/** Sandboxes of an ECS of the tests, whose places stand in a table. */
export const openFargateSandbox = (own: {
  readonly ecs: EcsServer;
  readonly dynamo: DynamoDBDocumentClient;
  readonly table: string;
  readonly choice?: Partial<FargateChoice>;
  readonly now?: () => Date;
}): FargateSandbox =>
  fargateSandbox({
    ecs: new ECSClient({ ...own.ecs.client, maxAttempts: 3 }),
    dynamo: own.dynamo,
    table: own.table,
    settings: fargateSettings({
      cluster: `${arn}:cluster/surveyor`,
      taskDefinition: `${arn}:task-definition/surveyor-sandbox:1`,
      subnets: ['subnet-1'],
      securityGroup: 'sg-1',
      ...own.choice,
    }),
    ...(own.now === undefined ? {} : { now: own.now }),
  });
