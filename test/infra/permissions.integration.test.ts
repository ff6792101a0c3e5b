import { beforeAll, describe, expect, it } from 'vitest';
import { type Grant, functionTable, stateFunctions } from '../../lib/function-table.ts';
import { type ObjectPlace, objectPlaces } from '../../src/contracts/object-places.ts';
import { type FunctionName, functionNames, needsOf } from '../../src/contracts/function-needs.ts';
import { likePattern } from '../adapters/aws/record-stores.ts';
import { flat, stackTemplate, type Template } from './template.ts';

type Statement = {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** The partitions of the table that it is limited to. */
  readonly partitions: readonly string[];
};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

let template: Template;

beforeAll(() => {
  template = stackTemplate({ protectData: 'false', modelKeySecret: 'anthropic', sourceBuckets: 'exports' });
});

describe('the context', () => {
  it('lets data go with the stack, and names the secret with the model’s key', () => {
    expect(template.ofType('AWS::S3::Bucket')).toMatchObject([{ DeletionPolicy: 'Delete' }]);
    expect(template.ofType('AWS::DynamoDB::GlobalTable')).toMatchObject([
      { DeletionPolicy: 'Delete', Properties: { Replicas: [{ DeletionProtectionEnabled: false }] } },
    ]);
    for (const { Properties } of template.ofType('AWS::Lambda::Function')) {
      // The CDK's own, which calls one of ours at a deployment.
      if (Properties['FunctionName'] === undefined) continue;
      expect(Properties).toMatchObject({ Environment: { Variables: { MODEL_KEY_SECRET: 'anthropic' } } });
    }
  });
});

describe('the issuer of tokens', () => {
  it('is named in the context, checked before anything is deployed', () => {
    const environmentOf = (context: Readonly<Record<string, string>>) =>
      stackTemplate(context).ofType('AWS::Lambda::Function')[0]?.Properties['Environment'];
    expect(
      environmentOf({ jwtIssuer: 'https://login.example/', jwtAudience: 'surveyor', jwtTenantClaim: 'org' }),
    ).toMatchObject({
      Variables: {
        SURVEYOR_JWT_ISSUER: 'https://login.example/',
        SURVEYOR_JWT_AUDIENCE: 'surveyor',
        SURVEYOR_JWT_TENANT_CLAIM: 'org',
      },
    });
    expect(() => environmentOf({ jwtIssuer: 'https://login.example/' })).toThrow(/SURVEYOR_JWT_AUDIENCE/);
    expect(() => environmentOf({ jwtIssuer: 'http://login.example/', jwtAudience: 'surveyor' })).toThrow(/https:/);
  });
});

describe('the roles allow', () => {
  /** What the policies below a path in the tree of constructs allow. */
  const statementsOf = (path: string): readonly Statement[] =>
    template
      .ofType('AWS::IAM::Policy')
      .filter((policy) => policy.path.startsWith(path))
      .flatMap(({ Properties }) => (Properties['PolicyDocument'] as { Statement: Record<string, unknown>[] }).Statement)
      .map((statement) => ({
        actions: list(statement['Action']).map(flat),
        resources: list(statement['Resource']).map(flat),
        partitions: list(
          (statement['Condition'] as Record<string, Record<string, unknown>> | undefined)?.[
            'ForAllValues:StringLike'
          ]?.['dynamodb:LeadingKeys'] ?? [],
        ).map(String),
      }));

  const actionsOf = (name: FunctionName): readonly string[] =>
    statementsOf(`Functions/${name}/`).flatMap((statement) => statement.actions);

  it('no action by a wildcard, and every resource only to what knows no resources', () => {
    const statements = statementsOf('');
    expect(statements.length).toBeGreaterThan(functionNames.length);
    expect(statements.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
    const everywhere = statements.filter(({ resources }) => resources.includes('*')).flatMap(({ actions }) => actions);
    const withoutResources =
      /^(?:xray|logs):|^ecr:GetAuthorizationToken$|^secretsmanager:ListSecrets$|^ecs:ListTasks$|^ec2:\w+(?:NetworkInterfaces?|PrivateIpAddresses|Subnets)$/;
    expect(everywhere.filter((action) => !withoutResources.test(action))).toEqual([]);
  });

  it('each function what its row of the table says', () => {
    const marks: Readonly<Record<string, readonly Grant[]>> = {
      'secretsmanager:CreateSecret': ['secrets:put', 'webhookSecrets:put'],
      'secretsmanager:DeleteSecret': ['secrets:delete', 'webhookSecrets:delete'],
      'secretsmanager:ListSecrets': ['secrets:list'],
      'states:StartExecution': ['workflow:start'],
      'states:GetExecutionHistory': ['workflow:read'],
      'logs:FilterLogEvents': ['logs:read'],
    };
    for (const name of functionNames) {
      const allowed = actionsOf(name);
      for (const [action, grants] of Object.entries(marks)) {
        const wanted = functionTable[name].grants.some((grant) => grants.includes(grant));
        expect(allowed.includes(action), `${name}: ${action}`).toBe(wanted);
      }
    }
    expect(actionsOf('settle-run').filter((action) => action.startsWith('secretsmanager:'))).toEqual([
      'secretsmanager:DeleteSecret',
    ]);
  });

  it('who works with webhooks their own secrets, and no connection string; both to who sweeps, which reads none', () => {
    const names = functionNames.filter((name) => needsOf(name).webhookSecrets !== undefined);
    const both = names.filter((name) => needsOf(name).secrets !== undefined);
    expect(both).toEqual(['reconcile-runs']);
    expect(actionsOf('reconcile-runs')).not.toContain('secretsmanager:GetSecretValue');
    const alone = names.filter((name) => !both.includes(name));
    expect(alone).toEqual(['create-webhook', 'change-webhook', 'delete-webhook', 'deliver-messages']);
    for (const name of alone) {
      const secrets = statementsOf(`Functions/${name}/`).filter(({ actions }) =>
        actions.some((action) => action.startsWith('secretsmanager:')),
      );
      expect(secrets.length).toBeGreaterThan(0);
      for (const { resources } of secrets)
        expect(resources).toEqual([expect.stringMatching(/:secret:surveyor\/\*\/_webhooks\/\*$/)]);
    }
  });

  it('each function the places of the object store that its row names, and no other object of the bucket', () => {
    const [bucket] = template.ofType('AWS::S3::Bucket');
    for (const name of functionNames) {
      const needs = needsOf(name);
      const places = { documents: needs.documents, reports: needs.reports, evidenceObjects: needs.evidenceObjects };
      const wanted = Object.entries<readonly string[] | undefined>(places).flatMap(([place, accesses = []]) => {
        const pattern = objectPlaces[place as ObjectPlace];
        const kinds = new Set(accesses.map((access) => (access === 'write' ? 'PutObject' : 'GetObject')));
        return [...kinds].map((kind) => `s3:${kind} <${bucket?.id}.Arn>/*/${pattern}`);
      });
      const allowed = statementsOf(`Functions/${name}/`).flatMap(({ actions, resources }) =>
        actions
          .filter((action) => action.startsWith('s3:'))
          .flatMap((action) => resources.map((arn) => `${action} ${arn}`))
          .filter((one) => !one.startsWith('s3:ListBucket') && !/:s3:::exports|\/\.(datasets|prompts)\//.test(one)),
      );
      expect(allowed.toSorted(), `of ${name}`).toEqual(wanted.toSorted());
    }
  });

  it('prompts to be kept by who starts runs, read by who starts agents, and chosen by nobody', () => {
    const of = (action: string): Readonly<Record<string, readonly string[]>> =>
      Object.fromEntries(
        functionNames.flatMap((name) => {
          const arns = statementsOf(`Functions/${name}/`)
            .filter(({ actions }) => actions.includes(action))
            .flatMap(({ resources }) => resources)
            .filter((arn) => arn.includes('/.prompts/'))
            .map((arn) => arn.slice(arn.indexOf('/')));
          return arns.length === 0 ? [] : [[name, arns]];
        }),
      );
    const starters = ['adopt-execution', 'create-catalog', 'start-scheduled'];
    expect(of('s3:PutObject')).toEqual(Object.fromEntries(starters.map((name) => [name, ['/.prompts/kept/*']])));
    expect(Object.keys(of('s3:GetObject')).toSorted()).toEqual([...starters, 'start-agent'].toSorted());
  });

  /** The partitions of the table that a function may touch with one of these actions. */
  const partitionsOf = (name: FunctionName, actions: RegExp): readonly string[] =>
    statementsOf(`Functions/${name}/`)
      .filter((statement) => statement.actions.some((action) => actions.test(action)))
      .flatMap(({ partitions }) => partitions);

  it('each function its partitions of the table, and none to write an API key', () => {
    // The stream tells of all that is stored, and knows no partitions.
    const table = /^dynamodb:(?!ListStreams|DescribeStream|GetRecords|GetShardIterator)/;
    const streaming = functionNames.filter((name) => actionsOf(name).includes('dynamodb:GetRecords'));
    expect(streaming).toEqual(['publish-messages']);
    const writing = /^dynamodb:(Put|Update|Delete|BatchWrite)/;
    const unlimited = functionNames.filter((name) =>
      statementsOf(`Functions/${name}/`).some(
        ({ actions, partitions }) => actions.some((action) => table.test(action)) && partitions.length === 0,
      ),
    );
    expect(unlimited).toEqual([]);
    const matching = functionNames.filter((name) =>
      partitionsOf(name, writing).some((pattern) => ['KEY#x', 'KEYS'].some((key) => likePattern(pattern).test(key))),
    );
    expect(matching).toEqual([]);
    const reading = functionNames.filter((name) => partitionsOf(name, /GetItem/).includes('KEY#*'));
    expect(reading).toEqual(functionNames.filter((name) => needsOf(name).apiKeys?.includes('read')));
    expect(reading.length).toBeGreaterThan(10);
    expect(partitionsOf('get-run', writing)).toEqual(['USE#*']);
  });

  it('tenants’ secrets to who reads them, and the model’s key to who calls the model', () => {
    const readersOf = (secret: RegExp): readonly string[] =>
      functionNames.filter((name) =>
        statementsOf(`Functions/${name}/`).some(
          ({ actions, resources }) =>
            actions.includes('secretsmanager:GetSecretValue') && resources.some((arn) => secret.test(arn)),
        ),
      );
    expect(readersOf(/:secret:surveyor\/\*$/)).toEqual([]);
    expect(readersOf(/:secret:surveyor\/\*\/connections\/\*$/)).toEqual(['open-sources']);
    expect(readersOf(/:secret:surveyor\/\*\/runs\/\*$/)).toEqual(['open-sources']);
    expect(readersOf(/:secret:anthropic-\?{6}$/)).toEqual(['call-model']);
  });

  it('the functions that anyone may call nothing at all but their own log and trace', () => {
    for (const name of ['check-health', 'describe-api'] as const) {
      expect(actionsOf(name)).toContain('logs:PutLogEvents');
      expect(actionsOf(name).filter((action) => !/^(xray|logs):/.test(action))).toEqual([]);
    }
  });

  it('what is surveyed in buckets to who opens it: the samples to read and make, the configured buckets to read', () => {
    const ofBuckets = (name: FunctionName): readonly string[] =>
      statementsOf(`Functions/${name}/`).flatMap(({ actions, resources }) =>
        resources
          .filter((arn) => /:s3:::exports|\/\.datasets\//.test(arn))
          .map((arn) => `${actions.join(' ')} ${arn.replace(/^.*:s3:::|<.*>/, '')}`),
      );
    expect(ofBuckets('open-sources').toSorted()).toEqual([
      's3:GetObject exports/*',
      's3:GetObject s3:PutObject /.datasets/*',
      's3:ListBucket exports',
    ]);
    expect(functionNames.filter((name) => ofBuckets(name).length > 0)).toEqual(['open-sources']);
  });

  it('machines to call the functions of states and to run the machines for parts of their work', () => {
    const statements = statementsOf('MachineRole/');
    const resourcesOf = (action: string): readonly string[] =>
      statements
        .filter(({ actions }) => actions.includes(action))
        .flatMap(({ resources }) => resources.map((arn) => arn.split(':').at(-1) ?? ''));
    expect(resourcesOf('lambda:InvokeFunction').toSorted()).toEqual(
      stateFunctions.map((name) => `surveyor-${name}`).toSorted(),
    );
    expect(resourcesOf('states:StartExecution')).toEqual(['surveyor-agent-loop', 'surveyor-profile']);
  });
});
