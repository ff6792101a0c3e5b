import { join } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Ports } from '../../ports/ports.ts';
import { analystModel } from '../analyst-model.ts';
import { powertoolsLog } from '../powertools-log.ts';
import { promptFiles } from '../prompt-files.ts';
import { systemClock } from '../system-clock.ts';
import { noDatasets, noSandbox } from './aws-ports-absent.ts';
import { awsPortsModel } from './aws-ports-model.ts';
import { type Environment, awsPortsSettings } from './aws-ports-settings.ts';
import { cloudwatchLogStore } from './cloudwatch-log-store.ts';
import { dynamoStores } from './stores/dynamo-stores.ts';
import { s3ObjectStore } from './s3-object-store.ts';
import { secretsManagerSecretStore } from './secrets-manager-secret-store.ts';
import { stepFunctionsWorkflow } from './step-functions-workflow.ts';

/**
 * The ports of a Lambda function, from the environment that the stack gives it. Making them asks AWS for nothing; what a
 * function does not use costs it only the objects. Fails with SETTING_INVALID on an incomplete environment.
 */
export const awsPorts = (environment: Environment = process.env): Ports => {
  const settings = awsPortsSettings(environment);
  const secrets = new SecretsManagerClient();
  return {
    ...dynamoStores({ client: DynamoDBDocumentClient.from(new DynamoDBClient()), table: settings.TABLE_NAME }),
    objects: s3ObjectStore({ client: new S3Client(), bucket: settings.BUCKET_NAME }),
    secrets: secretsManagerSecretStore({ client: secrets, prefix: settings.SECRET_PREFIX }),
    workflow: stepFunctionsWorkflow({
      client: new SFNClient(),
      settings: {
        machineArnPrefix: settings.MACHINE_ARN_PREFIX,
        functionArnPrefix: settings.FUNCTION_ARN_PREFIX,
        machineRoleArn: settings.MACHINE_ROLE_ARN,
      },
    }),
    sandbox: noSandbox,
    model:
      settings.MODEL_KEY_SECRET === undefined
        ? analystModel()
        : awsPortsModel({ client: secrets, secret: settings.MODEL_KEY_SECRET }),
    // Lambda unpacks a function's code here; the bundles carry the prompts beside it.
    prompts: promptFiles({ dir: join(environment['LAMBDA_TASK_ROOT'] ?? '.', 'prompts'), env: environment }),
    datasets: noDatasets,
    clock: systemClock(),
    log: powertoolsLog({ service: 'surveyor', level: settings.LOG_LEVEL }),
    logs: cloudwatchLogStore({ client: new CloudWatchLogsClient(), logGroup: settings.LOG_GROUP_NAME }),
    api: { requests_per_minute: settings.SURVEYOR_REQUESTS_PER_MINUTE, origins: settings.SURVEYOR_ORIGINS },
    platform: 'aws',
    ...(settings.SURVEYOR_MODEL === undefined ? {} : { modelOverride: settings.SURVEYOR_MODEL }),
  };
};
