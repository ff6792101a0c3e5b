import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Grant } from './function-table.ts';

/** The ARNs that grants are about. */
export type Resources = {
  readonly tableArn: string;
  readonly indexArns: readonly string[];
  readonly bucketArn: string;
  readonly tenantSecretsArn: string;
  /** Buckets whose objects may be surveyed. */
  readonly sourceBucketArns: readonly string[];
  /** The machines of the built-in chains. */
  readonly chainArns: readonly string[];
  readonly executionArns: readonly string[];
  /** Where all functions print. */
  readonly logGroupArn: string;
  /** The secret that holds the model's key; absent where the deterministic analyst writes the reports. */
  readonly modelKeyArn?: string | undefined;
};

/** What a grant is in IAM's words. A grant without a statement needs nothing of AWS. */
export const permissions = (grant: Grant, resources: Resources): readonly PolicyStatement[] => {
  const { tableArn, bucketArn } = resources;
  switch (grant) {
    case 'table:read':
      return [allow(['dynamodb:GetItem', 'dynamodb:Query'], [tableArn, ...resources.indexArns])];
    case 'table:write':
      // A session begins in one transaction with a look at its run.
      return [
        allow(
          ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
          [tableArn],
        ),
      ];
    case 'objects:read':
      // Without ListBucket, a missing object answers as a forbidden one.
      return [allow(['s3:GetObject'], [`${bucketArn}/*`]), allow(['s3:ListBucket'], [bucketArn])];
    case 'objects:write':
      return [allow(['s3:PutObject'], [`${bucketArn}/*`])];
    case 'datasets:read':
      // The samples are put into the bucket when one is first asked for.
      return [allow(['s3:GetObject', 's3:PutObject'], [`${bucketArn}/.datasets/*`])];
    case 'sourceObjects:read': {
      const { sourceBucketArns } = resources;
      if (sourceBucketArns.length === 0) return [];
      return [
        allow(
          ['s3:GetObject'],
          sourceBucketArns.map((arn) => `${arn}/*`),
        ),
        allow(['s3:ListBucket'], sourceBucketArns),
      ];
    }
    case 'secrets:read':
      return [allow(['secretsmanager:GetSecretValue'], [resources.tenantSecretsArn])];
    case 'secrets:write':
      return [
        allow(
          ['secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue', 'secretsmanager:DeleteSecret'],
          [resources.tenantSecretsArn],
        ),
      ];
    case 'workflow:start':
      return [allow(['states:StartExecution'], resources.chainArns)];
    case 'workflow:stop':
      return [allow(['states:StopExecution'], resources.executionArns)];
    case 'workflow:read':
      return [allow(['states:DescribeExecution', 'states:GetExecutionHistory'], resources.executionArns)];
    case 'logs:read':
      return [allow(['logs:FilterLogEvents'], [resources.logGroupArn])];
    case 'model:call':
      return resources.modelKeyArn === undefined
        ? []
        : [allow(['secretsmanager:GetSecretValue'], [resources.modelKeyArn])];
    case 'workflow:answer':
      return [allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], resources.chainArns)];
    case 'workflow:deploy':
      throw new Error('No function deploys machines yet: say in lib/permissions.ts what its role allows.');
    // The prompts are in the bundle, as is the name of the model; the stack has no sandboxes yet.
    case 'prompts:read':
    case 'model:name':
    case 'sandbox:take':
    case 'sandbox:call':
    case 'sandbox:release':
      return [];
  }
};

const allow = (actions: readonly string[], resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] });
