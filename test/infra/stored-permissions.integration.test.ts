import { beforeAll, describe, expect, it } from 'vitest';
import { type StoreStatement, storeStatements } from '../../lib/store-permissions.ts';
import { functionTable } from '../../lib/function-table.ts';
import {
  apiKeyKey,
  apiKeyList,
  claimKey,
  connectionKey,
  deliveryKey,
  dueKey,
  leaseKey,
  prefixKey,
  runItemKey,
  runKey,
  runningKey,
  scheduleKey,
  storeTable,
  useKey,
  webhookKey,
} from '../../src/adapters/aws/stores/dynamo-table.ts';
import { type FunctionName, functionNames } from '../../src/contracts/function-needs.ts';
import { connectionSecretName, inlineSecretName, webhookSecretName } from '../../src/domain/run-keys.ts';
import { allows, type PolicyStatement, statementsOf } from './policy.ts';
import { account, region, type Resolver, resolver } from './resolve.ts';
import { stackTemplate, type Template } from './template.ts';

const tenant = 'acme';
const runId = '01JZZZZZZZZZZZZZZZZZZZZZZZ';
const hash = 'e'.repeat(64);

/** A partition of each kind, as the stores name it. */
const partitions = {
  tenant: [runKey(tenant, runId).pk, connectionKey(tenant, 'shop').pk],
  run: [runItemKey(tenant, runId, 'SESSION#a').pk],
  lease: [leaseKey(tenant, { kind: 'run', id: runId }).pk, leaseKey(tenant, { kind: 'conversation', id: 'c1' }).pk],
  schedules: [scheduleKey(tenant, 'nightly').pk],
  webhooks: [webhookKey(tenant, 'chat').pk],
  consumer: [deliveryKey({ tenant, consumer: 'webhook/chat', message_id: 'm' }).pk],
  idempotency: [claimKey(tenant, 'k').pk],
  prefix: [prefixKey(tenant, 'reports')],
  key: [apiKeyKey(hash).pk],
  keys: [apiKeyList],
  use: [useKey(hash).pk],
  running: [runningKey],
  due: [dueKey],
  places: ['SANDBOX'],
  certificates: ['CERTIFICATES'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
type Kind = keyof typeof partitions;

/** Which kind a pattern of lib/store-permissions.ts is for. What it lets through beside that is a mistake. */
const meant: Readonly<Record<string, Kind>> = {
  'TENANT#*': 'tenant',
  'TENANT#*#RUN#*': 'run',
  'TENANT#*#RUN#*#LEASE': 'lease',
  'TENANT#*#CONVERSATION#*#LEASE': 'lease',
  'TENANT#*#SCHEDULES': 'schedules',
  'TENANT#*#WEBHOOKS': 'webhooks',
  'TENANT#*#CONSUMER#*': 'consumer',
  'TENANT#*#IDEMPOTENCY#*': 'idempotency',
  'TENANT#*#PREFIX#*': 'prefix',
  'KEY#*': 'key',
  KEYS: 'keys',
  'USE#*': 'use',
  RUNNING: 'running',
  DUE: 'due',
};

/** What the adapter of the sandboxes does to the table. */
const ofSandboxes: Readonly<Record<string, readonly [Kind, ...(readonly StoreStatement['actions'][number][])]>> = {
  'sandbox:take': ['places', 'GetItem', 'Query', 'PutItem', 'DeleteItem'],
  'sandbox:sweep': ['places', 'GetItem', 'Query', 'PutItem', 'DeleteItem'],
  'sandbox:release': ['places', 'GetItem', 'Query', 'DeleteItem'],
  'sandbox:call': ['certificates', 'GetItem'],
  'certificates:renew': ['certificates', 'GetItem', 'PutItem'],
};

const granted = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'];
const neverGranted = ['Scan', 'BatchGetItem', 'BatchWriteItem', 'PartiQLSelect', 'PartiQLInsert', 'PartiQLUpdate'];
const tableActions = [...granted, ...neverGranted];
const indexes = [undefined, ...storeTable.indexes.map(({ name }) => name)];

let template: Template;
let resolve: Resolver;
beforeAll(() => {
  template = stackTemplate({ modelKeySecret: 'anthropic' });
  resolve = resolver(template);
});

const policyOf = (name: FunctionName): readonly PolicyStatement[] =>
  template
    .ofType('AWS::IAM::Policy')
    .filter(({ path }) => path.startsWith(`Functions/${name}/`))
    .flatMap(({ Properties }) => statementsOf(Properties['PolicyDocument'], resolve));

describe('of the table a function’s role allows', () => {
  /** What a function declares, as `action kind index`. */
  const declared = (name: FunctionName): readonly string[] =>
    functionTable[name].grants.flatMap((grant) => {
      const [kind, ...actions] = ofSandboxes[grant] ?? [];
      const own = kind === undefined ? [] : actions.map((action) => `${action} ${kind}`);
      const ofStores = (storeStatements(grant) ?? []).flatMap((statement) =>
        statement.partitions.flatMap((pattern) =>
          statement.actions.map((action) => `${action} ${meant[pattern] ?? pattern} ${statement.index ?? ''}`.trim()),
        ),
      );
      return [...own, ...ofStores];
    });

  it.each(functionNames)(
    '%s what it declares, each action in the partitions that are meant, and nothing else',
    (name) => {
      const policy = policyOf(name);
      const [table] = template.ofType('AWS::DynamoDB::GlobalTable');
      const tableArn = `arn:aws:dynamodb:${region}:${account}:table/${table?.id}`;
      const allowed = new Set<string>();
      for (const [kind, ofKind] of Object.entries(partitions))
        for (const action of tableActions)
          for (const index of indexes) {
            const resource = index === undefined ? tableArn : `${tableArn}/index/${index}`;
            const answers = new Set(
              ofKind.map((key) =>
                allows(policy, {
                  action: `dynamodb:${action}`,
                  resource,
                  context: { 'dynamodb:LeadingKeys': [key] },
                }),
              ),
            );
            expect(answers.size, `${action} of all that is ${kind}`).toBe(1);
            if (answers.has(true)) allowed.add(`${action} ${kind} ${index ?? ''}`.trim());
          }
      expect([...allowed].toSorted()).toEqual([...new Set(declared(name))].toSorted());
    },
  );

  it('no one call that names what is allowed and what is not', () => {
    const [table] = template.ofType('AWS::DynamoDB::GlobalTable');
    const get = (...keys: readonly string[]) =>
      allows(policyOf('list-logs'), {
        action: 'dynamodb:GetItem',
        resource: `arn:aws:dynamodb:${region}:${account}:table/${table?.id}`,
        context: { 'dynamodb:LeadingKeys': keys },
      });
    const [own] = partitions.tenant;
    expect([get(own), get(own, ...partitions.lease), get(own, ...partitions.run)]).toEqual([true, false, false]);
  });
});

describe('of the secrets a function’s role allows', () => {
  /** Names that would be taken for each other by who looks at a part of them alone. */
  const secrets = {
    secrets: [
      inlineSecretName(runId, 'main'),
      ...['shop', 'runs', 'connections', 'webhooks'].map((name) => connectionSecretName(name, 'id')),
      ...['shop', 'connections', 'webhooks'].map((source) => inlineSecretName(runId, source)),
    ],
    webhookSecrets: ['chat', 'runs', 'connections', 'webhooks'].map((name) => webhookSecretName(name, 'id')),
  };
  const actions = {
    read: ['GetSecretValue'],
    put: ['CreateSecret', 'PutSecretValue'],
    delete: ['DeleteSecret'],
    other: [
      'UpdateSecret',
      'RestoreSecret',
      'BatchGetSecretValue',
      'DescribeSecret',
      'TagResource',
      'PutResourcePolicy',
    ],
  };

  it.each(functionNames)('%s those of connections and runs, or those of webhooks, as it declares', (name) => {
    const policy = policyOf(name);
    const grants: readonly string[] = functionTable[name].grants;
    for (const [port, names] of Object.entries(secrets))
      for (const [access, ofAccess] of Object.entries(actions))
        for (const secret of names)
          for (const owner of [tenant, 'runs', 'connections', 'webhooks'])
            for (const action of ofAccess)
              expect(
                allows(policy, {
                  action: `secretsmanager:${action}`,
                  resource: `arn:aws:secretsmanager:${region}:${account}:secret:surveyor/${owner}/${secret}-AbCdEf`,
                }),
                `${action} of ${owner}/${secret}`,
              ).toBe(grants.includes(`${port}:${access}`));
  });
});
