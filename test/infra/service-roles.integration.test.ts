import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventBridgeScheduler } from '../../src/adapters/aws/eventbridge-scheduler.ts';
import { sampleSchedule } from '../contracts/stores/samples.ts';
import { type AslTask, permissionsOfTask, tasksOf } from './asl-tasks.ts';
import { statementsOf } from './policy.ts';
import { account, region, type Resolver, resolver } from './resolve.ts';
import { type Resource, stackTemplate, type Template } from './template.ts';

const brought = {
  vpcId: 'vpc-0123456789abcdef0',
  subnetIds: 'subnet-0123456789abcdef0',
  endpoints: 'pl-0123abcd',
  sandboxImage: `${account}.dkr.ecr.${region}.amazonaws.com/surveyor/sandbox@sha256:${'a'.repeat(64)}`,
};

describe.each([
  ['with a network of its own and an image that it builds', {}],
  ['with a network and an image that are there', brought],
])('the roles that services take, of a stack %s', (_, context) => {
  let template: Template;
  let resolve: Resolver;
  beforeAll(() => {
    template = stackTemplate(context);
    resolve = resolver(template);
  });

  /** What the policies of a role allow, as `action resource`, each once. */
  const allowedTo = (path: string): readonly string[] => {
    const statements = template
      .ofType('AWS::IAM::Policy')
      .filter((policy) => policy.path.startsWith(path))
      .flatMap(({ Properties }) => statementsOf(Properties['PolicyDocument'], resolve));
    expect(statements.length).toBeGreaterThan(0);
    expect(new Set(statements.map(({ effect }) => effect))).toEqual(new Set(['Allow']));
    return statements
      .flatMap(({ actions, resources }) => actions.flatMap((action) => resources.map((on) => `${action} ${on}`)))
      .toSorted();
  };
  const role = (path: string): Resource => {
    const found = template.ofType('AWS::IAM::Role').find((one) => one.path === path);
    if (found === undefined) throw new Error(`The template has no role ${path}.`);
    // Nothing is granted beside the policies that are looked at.
    expect(found.Properties['ManagedPolicyArns'] ?? found.Properties['Policies'] ?? []).toEqual([]);
    return found;
  };
  const once = (permissions: readonly string[]): readonly string[] => [...new Set(permissions)].toSorted();

  const isTakenBy = (path: string, service: string): void =>
    expect(role(path).Properties['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: service },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    });

  it('let machines do what their states name, and nothing else', () => {
    const machines = template.ofType('AWS::StepFunctions::StateMachine');
    const tasks = machines.flatMap(({ Properties }): readonly AslTask[] => {
      expect(resolve.text(Properties['RoleArn'])).toBe(resolve.arnOf(role('MachineRole')));
      return tasksOf(JSON.parse(resolve.text(Properties['DefinitionString'])));
    });
    expect(tasks.length).toBeGreaterThan(15);
    // "CloudWatch Logs delivery" and "X-Ray" of the Step Functions guide; neither knows resources.
    const beside = [
      ...['Create', 'Get', 'Update', 'Delete'].map((verb) => `logs:${verb}LogDelivery`),
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:DescribeResourcePolicies',
      'logs:DescribeLogGroups',
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
    ].map((action) => `${action} *`);
    expect(allowedTo('MachineRole/')).toEqual(once([...tasks.flatMap(permissionsOfTask), ...beside]));
    isTakenBy('MachineRole', 'states.amazonaws.com');
  });

  it('let Fargate pull the image, read the secrets and write the log that its task definition names, and nothing else', () => {
    const [task] = template.ofType('AWS::ECS::TaskDefinition');
    type Container = {
      readonly Image: unknown;
      readonly Secrets?: readonly { readonly ValueFrom: unknown }[];
      readonly LogConfiguration: { readonly Options: Readonly<Record<string, unknown>> };
    };
    const containers = (task?.Properties['ContainerDefinitions'] ?? []) as readonly Container[];
    const needed = containers.flatMap(({ Image, Secrets = [], LogConfiguration }) => {
      const image = resolve.text(Image);
      const [, owner, place, repository] =
        /^(\d+)\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/(.+?)[:@]/.exec(image) ?? [];
      const log = resolve.text(LogConfiguration.Options['awslogs-group']);
      return [
        'ecr:GetAuthorizationToken *',
        ...['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].map(
          (action) => `${action} arn:aws:ecr:${place}:${owner}:repository/${repository}`,
        ),
        ...['logs:CreateLogStream', 'logs:PutLogEvents'].map(
          (action) => `${action} arn:aws:logs:${region}:${account}:log-group:${log}:*`,
        ),
        ...Secrets.map(({ ValueFrom }) => `secretsmanager:GetSecretValue ${resolve.text(ValueFrom)}`),
      ];
    });
    expect(needed.some((one) => one.startsWith('secretsmanager:'))).toBe(true);
    expect(resolve.text(task?.Properties['ExecutionRoleArn'])).toBe(resolve.arnOf(role('Sandboxes/ExecutionRole')));
    expect(allowedTo('Sandboxes/ExecutionRole/')).toEqual(once(needed));
    isTakenBy('Sandboxes/ExecutionRole', 'ecs-tasks.amazonaws.com');
  });

  it('let EventBridge Scheduler call what schedules call, keep what it could not deliver, and nothing else', async () => {
    const [first] = template.ofType('AWS::Lambda::Function').filter(({ Properties }) => 'FunctionName' in Properties);
    const { Variables } = (first?.Properties['Environment'] ?? {}) as {
      readonly Variables: Readonly<Record<string, unknown>>;
    };
    const prefix = resolve.text(Variables['FUNCTION_ARN_PREFIX']);
    const settings = {
      group: resolve.text(Variables['SCHEDULE_GROUP']),
      startScheduledArn: `${prefix}start-scheduled`,
      alignScheduleArn: `${prefix}align-schedule`,
      roleArn: resolve.text(Variables['SCHEDULE_ROLE_ARN']),
      deadLetterArn: resolve.text(Variables['SCHEDULE_DEAD_LETTER_ARN']),
    };
    const needed: string[] = [];
    const client = new SchedulerClient({ region, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    client.middlewareStack.add(
      () => async (args) => {
        const { Target } = args.input as {
          Target: { Arn: string; RoleArn: string; DeadLetterConfig: { Arn: string } };
        };
        expect(Target.RoleArn).toBe(resolve.arnOf(role('Schedules/Role')));
        needed.push(`lambda:InvokeFunction ${Target.Arn}`, `sqs:SendMessage ${Target.DeadLetterConfig.Arn}`);
        return { output: { $metadata: {} }, response: {} };
      },
      { step: 'initialize', name: 'take' },
    );
    const scheduler = eventBridgeScheduler({ client, clock: { now: () => new Date() }, settings });
    await scheduler.put(sampleSchedule('tenant'));
    await scheduler.announce('tenant', 'nightly');
    client.destroy();
    expect(allowedTo('Schedules/Role/')).toEqual(once(needed));
    isTakenBy('Schedules/Role', 'scheduler.amazonaws.com');
  });

  it('are none for rules: a function lets the rules call it that have it as a target, the queue takes what they cannot deliver', () => {
    type Target = {
      readonly Arn: unknown;
      readonly RoleArn?: unknown;
      readonly DeadLetterConfig?: { readonly Arn: unknown };
    };
    const rules = template.ofType('AWS::Events::Rule').map((rule) => ({
      arn: resolve.arnOf(rule),
      targets: rule.Properties['Targets'] as readonly Target[],
    }));
    expect(rules.flatMap(({ targets }) => targets).filter(({ RoleArn }) => RoleArn !== undefined)).toEqual([]);
    const needed = rules.flatMap(({ arn, targets }) => targets.map(({ Arn }) => `${arn} calls ${resolve.text(Arn)}`));
    expect(needed.length).toBeGreaterThan(2);
    const granted = template.ofType('AWS::Lambda::Permission').map(({ Properties }) => ({
      principal: resolve.text(Properties['Principal']),
      action: resolve.text(Properties['Action']),
      by: resolve.text(Properties['SourceArn'] ?? 'anybody'),
      on: resolve.text(Properties['FunctionName']),
    }));
    expect(new Set(granted.map(({ action }) => action))).toEqual(new Set(['lambda:InvokeFunction']));
    expect(new Set(granted.map(({ principal }) => principal))).toEqual(
      new Set(['events.amazonaws.com', 'apigateway.amazonaws.com']),
    );
    expect(granted.filter(({ by }) => by === 'anybody')).toEqual([]);
    const rulesMay = granted.filter(({ principal }) => principal.startsWith('events.'));
    expect(rulesMay.map(({ by, on }) => `${by} calls ${on}`).toSorted()).toEqual(needed.toSorted());

    const letters = rules.flatMap(({ arn, targets }) =>
      targets.flatMap(({ DeadLetterConfig }) =>
        DeadLetterConfig === undefined ? [] : [`${arn} sends to ${resolve.text(DeadLetterConfig.Arn)}`],
      ),
    );
    const taken = template
      .ofType('AWS::SQS::QueuePolicy')
      .flatMap(({ Properties }) => statementsOf(Properties['PolicyDocument'], resolve))
      .filter(({ effect }) => effect === 'Allow')
      .flatMap(({ actions, resources, conditions }) => {
        expect(actions).toEqual(['sqs:SendMessage']);
        return conditions.flatMap(({ operator, key, values }) => {
          expect([operator, key]).toEqual(['ArnEquals', 'aws:SourceArn']);
          return values.flatMap((by) => resources.map((queue) => `${by} sends to ${queue}`));
        });
      });
    expect(letters.length).toBeGreaterThan(0);
    expect(taken.toSorted()).toEqual(letters.toSorted());
  });
});
