import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** The ARNs that have to do with sandboxes. */
export type SandboxResources = {
  readonly clusterArn: string;
  /** Every task of the cluster. */
  readonly tasksArn: string;
  /** Every revision of the task definition: a deployment makes a new one while functions still start the one before. */
  readonly definitionsArn: string;
  readonly executionRoleArn: string;
  readonly certificateArn: string;
};

/** What a function may do with sandboxes. */
export type SandboxGrant = 'sandbox:take' | 'sandbox:call' | 'sandbox:release' | 'sandbox:sweep' | 'certificates:renew';

/** The partitions of the run table: who has which sandbox, and which certificates are to be trusted. */
const partitions = { places: 'SANDBOX', certificates: 'CERTIFICATES' } as const;

/** What a grant about sandboxes is in IAM's words. */
export const sandboxPermissions = (
  grant: SandboxGrant,
  resources: SandboxResources,
  tableArn: string,
): readonly PolicyStatement[] => {
  const { clusterArn, tasksArn, definitionsArn, executionRoleArn, certificateArn } = resources;
  const allow = (actions: readonly string[], to: string, conditions: Readonly<Record<string, object>> = {}) =>
    new PolicyStatement({ actions: [...actions], resources: [to], conditions });
  const records = (partition: string, actions: readonly string[]) =>
    allow(
      actions.map((action) => `dynamodb:${action}`),
      tableArn,
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [partition] } },
    );
  const inCluster = { ArnEquals: { 'ecs:cluster': clusterArn } };
  const ends = (table: readonly string[], ecs: readonly string[]) => [
    records(partitions.places, ['GetItem', 'Query', 'DeleteItem', ...table]),
    allow(['ecs:StopTask', ...ecs], tasksArn, inCluster),
    // A list is of a cluster, which IAM takes as a condition alone.
    allow(['ecs:ListTasks'], '*', inCluster),
  ];
  switch (grant) {
    case 'sandbox:call':
      return [records(partitions.certificates, ['GetItem'])];
    case 'sandbox:release':
      return ends([], []);
    // A sweep starts tasks ahead.
    case 'sandbox:sweep':
    case 'sandbox:take':
      return [
        ...ends(['PutItem'], ['ecs:DescribeTasks']),
        allow(['ecs:RunTask'], definitionsArn, inCluster),
        // The task has no role of its own to pass.
        allow(['iam:PassRole'], executionRoleArn, {
          StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
        }),
      ];
    case 'certificates:renew':
      return [
        records(partitions.certificates, ['GetItem', 'PutItem']),
        allow(['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'], certificateArn),
      ];
  }
};
