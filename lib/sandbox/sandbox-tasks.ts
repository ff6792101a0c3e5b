import { Stack } from 'aws-cdk-lib';
import { CfnCluster, CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { dataProtection } from '../data-protection.ts';
import { acknowledge, acknowledgeWildcards } from '../acknowledge.ts';
import { type ContainerSecret, sandboxContainers } from './sandbox-containers.ts';
import type { SandboxImage } from './sandbox-image.ts';

const volume = 'run';

/** What sandboxes are made of. */
export type SandboxTasksProps = {
  readonly image: SandboxImage;
  /** Values of the supervisor's environment, and the ARNs of the secrets that they are taken from. */
  readonly secrets: readonly ContainerSecret[];
  readonly secretArns: readonly string[];
};

/**
 * The cluster that sandboxes run in, and the task that each one is. It has no role of its own: what runs in it has no way
 * into AWS. The execution role is Fargate's, before a container starts.
 */
export class SandboxTasks extends Construct {
  readonly clusterArn: string;
  readonly taskDefinitionArn: string;
  readonly executionRoleArn: string;
  readonly logArn: string;
  /** Every task of the cluster. */
  readonly tasksArn: string;
  /** Every revision of the task definition. */
  readonly definitionsArn: string;

  constructor(scope: Construct, id: string, { image, secrets, secretArns }: SandboxTasksProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const log = new LogGroup(this, 'Log', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: dataProtection(this).removalPolicy,
    });
    const role = new Role(this, 'ExecutionRole', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    });
    const allow = (actions: readonly string[], resources: readonly string[]): void => {
      role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
    };
    allow(['ecr:GetAuthorizationToken'], ['*']);
    allow(
      ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      [image.repositoryArn],
    );
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [log.logGroupArn]);
    if (secretArns.length > 0) allow(['secretsmanager:GetSecretValue'], secretArns);
    acknowledgeWildcards(role, ['*'], 'A token of ECR is of the account and knows no resource.');

    const cluster = new CfnCluster(this, 'Cluster', {
      clusterSettings: [{ name: 'containerInsights', value: 'disabled' }],
    });
    acknowledge(cluster, {
      'AwsSolutions-ECS4':
        'Container Insights bills metrics by the task; runs, their sandboxes and how these ended are told by the service itself.',
    });
    const family = `${stack.stackName}-sandbox`;
    const task = new CfnTaskDefinition(this, 'Task', {
      family,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
      cpu: '2048',
      memory: '8192',
      executionRoleArn: role.roleArn,
      volumes: [{ name: volume }],
      containerDefinitions: [
        ...sandboxContainers({
          image: image.uri,
          volume,
          secrets,
          log: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': log.logGroupName,
              'awslogs-region': stack.region,
              'awslogs-stream-prefix': 'sandbox',
              // A log that is slow must not hold a sandbox up.
              mode: 'non-blocking',
            },
          },
        }),
      ],
    });
    // A task that starts before its role has its policies cannot pull its image.
    task.node.addDependency(role);
    this.clusterArn = cluster.attrArn;
    this.taskDefinitionArn = task.ref;
    this.executionRoleArn = role.roleArn;
    this.logArn = log.logGroupArn;
    this.tasksArn = stack.formatArn({ service: 'ecs', resource: 'task', resourceName: `${cluster.ref}/*` });
    this.definitionsArn = stack.formatArn({ service: 'ecs', resource: 'task-definition', resourceName: `${family}:*` });
  }
}
