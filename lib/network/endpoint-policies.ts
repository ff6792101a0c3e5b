import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { placeArns, promptArns, sampleArn } from '../object-permissions.ts';

/** What may be reached through the endpoints of our own network. */
export type Reachable = {
  readonly bucketArn: string;
  /** Of which objects are surveyed. */
  readonly sourceBuckets: readonly string[];
  readonly tableArn: string;
  readonly indexArns: readonly string[];
  /** Secrets that are read there: those of tenants, and the sandboxes' certificate. */
  readonly secretArns: readonly string[];
  readonly repositoryArn: string;
  readonly sandboxLogArn: string;
};

/** The policies of the endpoints, by service. */
export type EndpointPolicies = Readonly<
  Record<'s3' | 'dynamodb' | 'secrets' | 'registry' | 'logs', readonly PolicyStatement[]>
>;

/**
 * What each endpoint lets through, whoever signed it: a credential that was carried in reaches nothing that is not named
 * here. A role has to allow it too.
 */
export const endpointPolicies = (scope: Construct, reachable: Reachable): EndpointPolicies => {
  const { partition, region, account } = Stack.of(scope);
  const bucketArn = (bucket: string): string => `arn:${partition}:s3:::${bucket}`;
  /** Signed by an identity of this account. What ECR and a database's owner sign is not. */
  const ours = { StringEquals: { 'aws:PrincipalAccount': account } };
  const allow = (actions: readonly string[], resources: readonly string[], conditions = {}): PolicyStatement =>
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: [...actions],
      resources: [...resources],
      conditions,
    });
  const { sourceBuckets } = reachable;
  return {
    s3: [
      allow(
        ['s3:GetObject', 's3:PutObject'],
        [...Object.values(placeArns(reachable.bucketArn)), sampleArn(reachable.bucketArn)],
        ours,
      ),
      allow(['s3:GetObject'], [promptArns(reachable.bucketArn).all], ours),
      allow(['s3:ListBucket'], [reachable.bucketArn], ours),
      ...(sourceBuckets.length === 0
        ? []
        : [
            allow(
              ['s3:GetObject'],
              sourceBuckets.map((bucket) => `${bucketArn(bucket)}/*`),
              ours,
            ),
            allow(['s3:ListBucket'], sourceBuckets.map(bucketArn), ours),
          ]),
      // ECR hands out links to the layers of its images, which lie in a bucket of its own.
      allow(['s3:GetObject'], [`${bucketArn(`prod-${region}-starport-layer-bucket`)}/*`]),
    ],
    dynamodb: [
      allow(
        [
          'dynamodb:GetItem',
          'dynamodb:BatchGetItem',
          'dynamodb:Query',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
          'dynamodb:ConditionCheckItem',
        ],
        [reachable.tableArn, ...reachable.indexArns],
        ours,
      ),
    ],
    secrets: [allow(['secretsmanager:GetSecretValue'], reachable.secretArns, ours)],
    registry: [
      allow(['ecr:GetAuthorizationToken'], ['*'], ours),
      allow(
        ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        [reachable.repositoryArn],
        ours,
      ),
    ],
    logs: [allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [reachable.sandboxLogArn], ours)],
  };
};
