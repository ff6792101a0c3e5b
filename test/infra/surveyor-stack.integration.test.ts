import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stateFunctions } from '../../lib/function-table.ts';
import { functionNames } from '../../src/contracts/function-needs.ts';
import { storeTable } from '../../src/adapters/aws/stores/dynamo-table.ts';
import { routes } from '../../src/contracts/routes.ts';
import { flat, type Resource, synthesisTimeout, synthesize, type Template } from './template.ts';

describe('the stack', () => {
  const output = mkdtempSync(join(tmpdir(), 'surveyor-synth-'));
  let template: Template;

  beforeAll(async () => {
    template = await synthesize(output);
  }, synthesisTimeout + 30_000);
  afterAll(() => rmSync(output, { recursive: true, force: true }));

  const byId = (id: string): Resource | undefined => template.resources.find((resource) => resource.id === id);
  const idOf = (property: string, value: string): string | undefined =>
    template.resources.find(({ Properties }) => Properties?.[property] === value)?.id;
  const namesOf = (type: string, property: string): readonly string[] =>
    template
      .ofType(type)
      .map(({ Properties }) => flat(Properties[property]))
      .toSorted();

  it('is made of these resources', async () => {
    const lines = template.resources.map(({ type, path }) => `${type} ${path}`).toSorted();
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/infra/resources.txt');
  });

  it('has a method for each route, handed to the function of the route', () => {
    const pathOf = (id: string): string => {
      const { ParentId, PathPart } = byId(id)?.Properties ?? {};
      const { Ref } = ParentId as { Ref?: string };
      return `${Ref === undefined ? '' : pathOf(Ref)}/${flat(PathPart)}`;
    };
    const methods = template.ofType('AWS::ApiGateway::Method').map(({ Properties }) => {
      const { HttpMethod, ResourceId, Integration } = Properties as {
        HttpMethod: string;
        ResourceId: { Ref: string };
        Integration: { Type: string; Uri: unknown };
      };
      const target = /<(\w+)\.Arn>\/invocations/.exec(flat(Integration.Uri))?.[1] ?? '';
      return `${HttpMethod} ${pathOf(ResourceId.Ref)} ${Integration.Type} ${flat(byId(target)?.Properties['FunctionName'])}`;
    });
    const wanted = Object.values(routes).map(
      (route) => `${route.method} ${route.path} AWS_PROXY surveyor-${route.function}`,
    );
    expect(methods.toSorted()).toEqual(wanted.toSorted());
  });

  it('throttles the API, logs each access and never a body', () => {
    const throttled = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100, DataTraceEnabled: false };
    expect(template.ofType('AWS::ApiGateway::Stage')).toMatchObject([
      { Properties: { AccessLogSetting: { DestinationArn: expect.anything() }, MethodSettings: [throttled] } },
    ]);
  });

  it('has every function of the table, each with a role of its own, and no credential in its environment', () => {
    // One comes from the CDK and has no name: it calls renew-certificate at a deployment.
    const functions = template
      .ofType('AWS::Lambda::Function')
      .filter(({ Properties }) => Properties['FunctionName'] !== undefined);
    expect(functions.map(({ Properties }) => flat(Properties['FunctionName'])).toSorted()).toEqual(
      functionNames.map((name) => `surveyor-${name}`).toSorted(),
    );
    expect(new Set(functions.map(({ Properties }) => flat(Properties['Role']))).size).toBe(functions.length);
    const settings = [
      'BUCKET_NAME',
      'EVENT_BUS',
      'FUNCTION_ARN_PREFIX',
      'LOG_GROUP_NAME',
      'MACHINE_ARN_PREFIX',
      'MACHINE_ROLE_ARN',
      'SANDBOX_CERTIFICATE_SECRET',
      'SANDBOX_CLUSTER',
      'SANDBOX_PLACES',
      'SANDBOX_SECURITY_GROUP',
      'SANDBOX_SUBNETS',
      'SANDBOX_TASK_DEFINITION',
      'SANDBOX_WARM',
      'SCHEDULE_DEAD_LETTER_ARN',
      'SCHEDULE_GROUP',
      'SCHEDULE_ROLE_ARN',
      'SECRET_PREFIX',
      'TABLE_NAME',
    ];
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
      });
      const { Variables } = Properties['Environment'] as { Variables: Record<string, unknown> };
      expect(Object.keys(Variables).toSorted()).toEqual(settings);
    }
  });

  it('has the machines, with every plain name bound to an ARN', () => {
    const machines = template.ofType('AWS::StepFunctions::StateMachine');
    expect(namesOf('AWS::StepFunctions::StateMachine', 'StateMachineName')).toEqual([
      'surveyor-agent-loop',
      'surveyor-catalog',
      'surveyor-connection-test',
      'surveyor-profile',
    ]);
    const called = new Set<string>();
    for (const { Properties } of machines) {
      const definition = flat(Properties['DefinitionString']);
      expect(JSON.parse(definition)).toMatchObject({ QueryLanguage: 'JSONata' });
      for (const [, field, target = ''] of definition.matchAll(/"(FunctionName|StateMachineArn)":"([^"]*)"/g)) {
        const resource = byId(/^<(\w+?)(?:\.Arn)?>$/.exec(target)?.[1] ?? '');
        const type = field === 'FunctionName' ? 'AWS::Lambda::Function' : 'AWS::StepFunctions::StateMachine';
        expect(resource?.type, `${field} ${target}`).toBe(type);
        if (field === 'FunctionName') called.add(flat(resource?.Properties['FunctionName']));
      }
      expect(Properties).toMatchObject({
        TracingConfiguration: { Enabled: true },
        LoggingConfiguration: { Level: 'ALL' },
      });
    }
    expect([...called].toSorted()).toEqual(stateFunctions.map((name) => `surveyor-${name}`).toSorted());
  });

  it('settles a run whichever way its execution ends, and keeps what could not be settled', () => {
    const settle = idOf('FunctionName', 'surveyor-settle-run');
    const chains = ['catalog', 'connection-test'].map((name) => idOf('StateMachineName', `surveyor-${name}`));
    const queue = template.ofType('AWS::SQS::Queue').find(({ path }) => path.startsWith('SettleRule/'));
    const kept = { 'Fn::GetAtt': [queue?.id, 'Arn'] };
    const rules = template.ofType('AWS::Events::Rule');
    expect(rules.filter(({ Properties }) => Properties['EventPattern'] !== undefined)).toMatchObject([
      {
        Properties: {
          EventPattern: {
            source: ['aws.states'],
            'detail-type': ['Step Functions Execution Status Change'],
            detail: {
              stateMachineArn: chains.map((Ref) => ({ Ref })),
              status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
            },
          },
          Targets: [{ Arn: { 'Fn::GetAtt': [settle, 'Arn'] }, DeadLetterConfig: { Arn: kept } }],
        },
      },
    ]);
    expect(template.ofType('AWS::Lambda::EventInvokeConfig').map(({ Properties }) => Properties)).toContainEqual(
      expect.objectContaining({
        FunctionName: { Ref: settle },
        DestinationConfig: { OnFailure: { Destination: kept } },
      }),
    );
  });

  it('keeps schedules in a group that goes with it, and calls that fail to the last in a queue', () => {
    expect(template.ofType('AWS::Scheduler::ScheduleGroup')).toMatchObject([
      { Properties: { Name: 'surveyor-schedules' } },
    ]);
    const queue = template.ofType('AWS::SQS::Queue').find(({ path }) => path.startsWith('Schedules/'));
    const kept = { 'Fn::GetAtt': [queue?.id, 'Arn'] };
    for (const name of ['start-scheduled', 'align-schedule']) {
      expect(template.ofType('AWS::Lambda::EventInvokeConfig').map(({ Properties }) => Properties)).toContainEqual(
        expect.objectContaining({
          FunctionName: { Ref: idOf('FunctionName', `surveyor-${name}`) },
          MaximumRetryAttempts: 2,
          DestinationConfig: { OnFailure: { Destination: kept } },
        }),
      );
    }
  });

  it('has what is stored of runs published, one by one where some fail, and keeps count of what could not be', () => {
    const publish = idOf('FunctionName', 'surveyor-publish-messages');
    const queue = template.ofType('AWS::SQS::Queue').find(({ path }) => path.startsWith('Messages/'));
    expect(template.ofType('AWS::Lambda::EventSourceMapping').map(({ Properties }) => Properties)).toMatchObject([
      {
        FunctionName: { Ref: publish },
        BatchSize: 25,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRecordAgeInSeconds: 7_200,
        StartingPosition: 'TRIM_HORIZON',
        FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"RUN#"}]}}}}' }] },
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [queue?.id, 'Arn'] } } },
      },
    ]);
    expect(template.ofType('AWS::DynamoDB::GlobalTable')).toMatchObject([
      { Properties: { StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } } },
    ]);
    expect(template.ofType('AWS::Events::EventBus')).toMatchObject([{ Properties: { Name: 'surveyor-messages' } }]);
  });

  it('looks every five minutes for runs that nothing runs', () => {
    const rules = template.ofType('AWS::Events::Rule');
    const reconcile = idOf('FunctionName', 'surveyor-reconcile-runs');
    expect(rules.filter((rule) => JSON.stringify(rule).includes(`"${reconcile}"`))).toMatchObject([
      {
        Properties: {
          ScheduleExpression: 'rate(5 minutes)',
          Targets: [{ Arn: { 'Fn::GetAtt': [reconcile, 'Arn'] } }],
        },
      },
    ]);
  });

  it('keeps the runs in a table with the keys and indexes of the run store, guarded against loss', () => {
    const { keys, indexes } = storeTable;
    const schema = (partition: string, sort: string) => [
      { AttributeName: partition, KeyType: 'HASH' },
      { AttributeName: sort, KeyType: 'RANGE' },
    ];
    const protectedReplica = {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    };
    expect(template.ofType('AWS::DynamoDB::GlobalTable')).toMatchObject([
      {
        DeletionPolicy: 'Retain',
        Properties: {
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: schema(keys.partition, keys.sort),
          GlobalSecondaryIndexes: indexes.map(({ name, partition, sort }) => ({
            IndexName: name,
            KeySchema: schema(partition, sort),
            Projection: { ProjectionType: name === 'due' ? 'KEYS_ONLY' : 'ALL' },
          })),
          SSESpecification: { SSEEnabled: true },
          Replicas: [protectedReplica],
        },
      },
    ]);
  });

  it('keeps the objects in a private, encrypted, versioned bucket that speaks TLS alone', () => {
    const closed = {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    };
    const refused = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    expect(template.ofType('AWS::S3::Bucket')).toMatchObject([
      {
        DeletionPolicy: 'Retain',
        Properties: {
          PublicAccessBlockConfiguration: closed,
          BucketEncryption: expect.anything(),
          VersioningConfiguration: { Status: 'Enabled' },
          LifecycleConfiguration: expect.anything(),
        },
      },
    ]);
    expect(template.ofType('AWS::S3::BucketPolicy')).toMatchObject([
      { Properties: { PolicyDocument: { Statement: expect.arrayContaining([expect.objectContaining(refused)]) } } },
    ]);
  });
});
