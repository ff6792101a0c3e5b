import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Grant } from './function-table.ts';
import { isObjectGrant, type ObjectGrant, objectStatements, promptArns, sampleArn } from './object-permissions.ts';
import { sandboxPermissions, type SandboxResources } from './sandbox/sandbox-permissions.ts';
import { type StorePort, type StoreStatement, storeStatements } from './store-permissions.ts';

/** The ARNs that grants are about. */
export type Resources = {
  readonly tableArn: string;
  readonly bucketArn: string;
  /** The secrets of connections and of runs. */
  readonly connectionSecretArns: readonly string[];
  readonly webhookSecretsArn: string;
  /** Buckets whose objects may be surveyed. */
  readonly sourceBucketArns: readonly string[];
  /** The machines of the built-in chains. */
  readonly chainArns: readonly string[];
  readonly executionArns: readonly string[];
  /** The function that settle-run calls. */
  readonly lastEvidenceArn: string;
  /** The function that publish-messages sends to, and the bus it puts messages on. */
  readonly deliverMessagesArn: string;
  readonly busArn: string;
  /** Every schedule of the group, and the role that calls for them. */
  readonly schedulesArn: string;
  readonly scheduleRoleArn: string;
  /** Where all functions print. */
  readonly logGroupArn: string;
  /** The secret that holds the model's key; absent where the deterministic analyst writes the reports. */
  readonly modelKeyArn?: string | undefined;
  readonly sandboxes: SandboxResources;
};

type StoreGrant = Extract<Grant, `${StorePort}:${string}`>;

const isStoreGrant = (grant: Grant): grant is StoreGrant => storeStatements(grant) !== undefined;

/** What all that a function is granted is in IAM's words. A grant without a statement needs nothing of AWS. */
export const permissions = (grants: readonly Grant[], resources: Resources): readonly PolicyStatement[] => [
  ...tablePermissions(grants.filter(isStoreGrant), resources),
  ...objectStatements(grants.filter(isObjectGrant), resources.bucketArn),
  ...grants.flatMap((grant) => (isStoreGrant(grant) || isObjectGrant(grant) ? [] : permissionsOf(grant, resources))),
];

/** Statements on the table: what is about the same partitions stands together. */
const tablePermissions = (grants: readonly StoreGrant[], { tableArn }: Resources): readonly PolicyStatement[] => {
  const statements = grants.flatMap((grant) => storeStatements(grant) ?? []);
  const places = new Map<string, StoreStatement>();
  for (const statement of statements) {
    const place = JSON.stringify([statement.partitions, statement.except, statement.index]);
    const actions = [...(places.get(place)?.actions ?? []), ...statement.actions];
    places.set(place, { ...statement, actions });
  }
  return [...places.values()].map(({ actions, partitions, except, index }) => {
    return new PolicyStatement({
      actions: [...new Set(actions)].map((action) => `dynamodb:${action}`),
      resources: [index === undefined ? tableArn : `${tableArn}/index/${index}`],
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...partitions] },
        ...(except && { 'ForAllValues:StringNotLike': { 'dynamodb:LeadingKeys': [...except] } }),
      },
    });
  });
};

const permissionsOf = (
  grant: Exclude<Grant, StoreGrant | ObjectGrant>,
  resources: Resources,
): readonly PolicyStatement[] => {
  const { bucketArn, tableArn } = resources;
  switch (grant) {
    case 'datasets:read':
      // The samples are put into the bucket when one is first asked for, which a missing object has to tell.
      return [allow(['s3:GetObject', 's3:PutObject'], [sampleArn(bucketArn)]), allow(['s3:ListBucket'], [bucketArn])];
    case 'prompts:choose':
      // What is in force is kept by its hash; which one that is, no function may change.
      return [
        allow(['s3:GetObject'], [promptArns(bucketArn).all]),
        allow(['s3:PutObject'], [promptArns(bucketArn).kept]),
        allow(['s3:ListBucket'], [bucketArn]),
      ];
    case 'prompts:read':
      return [allow(['s3:GetObject'], [promptArns(bucketArn).all]), allow(['s3:ListBucket'], [bucketArn])];
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
      return [allow(['secretsmanager:GetSecretValue'], resources.connectionSecretArns)];
    case 'secrets:put':
      return [allow(['secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue'], resources.connectionSecretArns)];
    case 'secrets:delete':
      return [allow(['secretsmanager:DeleteSecret'], resources.connectionSecretArns)];
    case 'webhookSecrets:read':
      return [allow(['secretsmanager:GetSecretValue'], [resources.webhookSecretsArn])];
    case 'webhookSecrets:put':
      return [allow(['secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue'], [resources.webhookSecretsArn])];
    case 'webhookSecrets:delete':
      return [allow(['secretsmanager:DeleteSecret'], [resources.webhookSecretsArn])];
    case 'secrets:list':
      // Listing knows no resources; names and times are all that it shows.
      return [allow(['secretsmanager:ListSecrets'], ['*'])];
    case 'workflow:start':
      return [allow(['states:StartExecution'], resources.chainArns)];
    case 'workflow:stop':
      return [allow(['states:StopExecution'], resources.executionArns)];
    case 'workflow:read':
      return [allow(['states:DescribeExecution', 'states:GetExecutionHistory'], resources.executionArns)];
    case 'functions:call':
      return [allow(['lambda:InvokeFunction'], [resources.lastEvidenceArn])];
    case 'functions:send':
      return [allow(['lambda:InvokeFunction'], [resources.deliverMessagesArn])];
    case 'bus:put':
      return [allow(['events:PutEvents'], [resources.busArn])];
    case 'sandbox:take':
    case 'sandbox:call':
    case 'sandbox:release':
    case 'sandbox:sweep':
    case 'certificates:renew':
      return sandboxPermissions(grant, resources.sandboxes, tableArn);
    case 'logs:read':
      return [allow(['logs:FilterLogEvents'], [resources.logGroupArn])];
    case 'model:call':
      return resources.modelKeyArn === undefined
        ? []
        : [allow(['secretsmanager:GetSecretValue'], [resources.modelKeyArn])];
    case 'workflow:answer':
      return [allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], resources.chainArns)];
    case 'scheduler:announce':
      return [allow(['scheduler:CreateSchedule'], [resources.schedulesArn]), passRole(resources.scheduleRoleArn)];
    case 'scheduler:put':
      return [
        allow(['scheduler:CreateSchedule', 'scheduler:UpdateSchedule'], [resources.schedulesArn]),
        passRole(resources.scheduleRoleArn),
      ];
    case 'scheduler:remove':
      return [allow(['scheduler:DeleteSchedule'], [resources.schedulesArn])];
    case 'workflow:deploy':
      throw new Error('No function deploys machines yet: say in lib/permissions.ts what its role allows.');
    // A receiver asks for no permission of AWS. An address opens nothing. The name of the model is in the environment.
    case 'webhookSender:check':
    case 'webhookSender:send':
    case 'console:address':
    // The stream is read by Lambda, under the function's role: lib/messages.ts.
    case 'runChanges:read':
    case 'model:name':
      return [];
  }
};

const allow = (actions: readonly string[], resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] });

/** Who makes a schedule hands it the role under which it calls; to nothing else may the role be handed. */
const passRole = (roleArn: string): PolicyStatement =>
  new PolicyStatement({
    actions: ['iam:PassRole'],
    resources: [roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
  });
