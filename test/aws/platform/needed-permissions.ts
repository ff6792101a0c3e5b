import type { RecordedCall } from './front-door.ts';

/** What IAM asks of a caller: an action on a resource, and what conditions look at, of a table in which partitions. */
export type Permission = {
  readonly action: string;
  /** Undefined where the call does not name it: a policy is held against it by the rest alone. */
  readonly resource: string | undefined;
  readonly context?: Readonly<Record<string, readonly string[]>> | undefined;
};

type Fields = Readonly<Record<string, unknown>>;

const region = 'us-east-1';
const account = '000000000000';
const arn = (service: string, rest: string): string => `arn:aws:${service}:${region}:${account}:${rest}`;

const text = (input: Fields | undefined, field: string): string => {
  const value = input?.[field];
  return typeof value === 'string' ? value : '';
};

/** What a call needs, as the service's own page in the service authorization reference has it. */
export const neededPermissions = (call: RecordedCall): readonly Permission[] => {
  const { service, operation, input } = call;
  switch (service) {
    case 'dynamodb':
      return ofDynamo(operation, input ?? {});
    case 's3':
      return ofS3(call);
    case 'secretsmanager': {
      const name = text(input, 'SecretId') || text(input, 'Name');
      // An ARN has six characters behind the name, which a policy leaves open.
      const resource = name.startsWith('arn:') ? name : arn('secretsmanager', `secret:${name}-AbCdEf`);
      return [{ action: `secretsmanager:${operation}`, resource }];
    }
    case 'states': {
      const resource = text(input, 'executionArn') || text(input, 'stateMachineArn') || undefined;
      return [{ action: `states:${operation}`, resource }];
    }
    case 'logs':
      return [{ action: `logs:${operation}`, resource: arn('logs', `log-group:${text(input, 'logGroupName')}:*`) }];
    case 'lambda': {
      const [, name = ''] = /\/functions\/([^/]+)\/invocations/.exec(call.path) ?? [];
      return [{ action: 'lambda:InvokeFunction', resource: functionArn(decodeURIComponent(name)) }];
    }
    case 'ecs':
      return ofEcs(operation, input);
    case 'scheduler':
      return ofScheduler(call);
    case 'events': {
      const entries = (input?.['Entries'] ?? []) as readonly Fields[];
      return entries.map((entry) => ({
        action: `events:${operation}`,
        resource: arn('events', `event-bus/${text(entry, 'EventBusName') || 'default'}`),
      }));
    }
    default:
      return [{ action: `${service}:${operation}`, resource: undefined }];
  }
};

const functionArn = (name: string): string => (name.startsWith('arn:') ? name : arn('lambda', `function:${name}`));

/** Actions within a transaction are those that the items ask for. */
const ofDynamo = (operation: string, input: Fields): readonly Permission[] => {
  const table = (name: string): string => (name.startsWith('arn:') ? name : arn('dynamodb', `table/${name}`));
  if (operation === 'TransactWriteItems') {
    const actions = {
      Put: 'PutItem',
      Update: 'UpdateItem',
      Delete: 'DeleteItem',
      ConditionCheck: 'ConditionCheckItem',
    };
    const items = (input['TransactItems'] ?? []) as readonly Readonly<Record<string, Fields>>[];
    return items.flatMap((item) =>
      Object.entries(actions).flatMap(([kind, action]) =>
        item[kind] === undefined
          ? []
          : [{ ...ofItem(item[kind]), action: `dynamodb:${action}`, resource: table(text(item[kind], 'TableName')) }],
      ),
    );
  }
  // Which partitions a batch is about is not read here, since no function sends one.
  if (operation === 'BatchWriteItem' || operation === 'BatchGetItem')
    throw new Error(`Say in test/aws/platform/needed-permissions.ts what ${operation} needs.`);
  const index = text(input, 'IndexName');
  const resource = table(text(input, 'TableName'));
  return [
    {
      action: `dynamodb:${operation}`,
      resource: index === '' ? resource : `${resource}/index/${index}`,
      ...(operation === 'Query' ? ofQuery(input) : ofItem(input)),
    },
  ];
};

type Attributes = Readonly<Record<string, { readonly S?: string }>>;

/** The partition of the one item that a call is about. */
const ofItem = (input: Fields): Pick<Permission, 'context'> => {
  const attributes = (input['Key'] ?? input['Item'] ?? {}) as Attributes;
  return inPartition(attributes['pk']?.S);
};

const inPartition = (partition: string | undefined): Pick<Permission, 'context'> =>
  partition === undefined ? {} : { context: { 'dynamodb:LeadingKeys': [partition] } };

/** The partition that is asked for: the value of the one equality of a key condition. */
const ofQuery = (input: Fields): Pick<Permission, 'context'> => {
  const [, name = ''] = /=\s*(:\w+)/.exec(text(input, 'KeyConditionExpression')) ?? [];
  const values = (input['ExpressionAttributeValues'] ?? {}) as Attributes;
  return inPartition(values[name]?.S);
};

const ofS3 = ({ operation, path, status }: RecordedCall): readonly Permission[] => {
  const { pathname } = new URL(path, 'http://s3');
  const [bucket = '', ...key] = decodeURIComponent(pathname).slice(1).split('/');
  const object = `arn:aws:s3:::${bucket}/${key.join('/')}`;
  const list = { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` };
  switch (operation) {
    case 'ListObjectsV2':
      return [list];
    case 'HeadObject':
    case 'GetObject':
      // Who may not list is told that a missing object is forbidden.
      return [{ action: 's3:GetObject', resource: object }, ...(status === 404 ? [list] : [])];
    default:
      return [{ action: `s3:${operation}`, resource: object }];
  }
};

const passedTo = (service: string): Pick<Permission, 'context'> => ({
  context: { 'iam:PassedToService': [`${service}.amazonaws.com`] },
});

const ofEcs = (operation: string, input: Fields | undefined): readonly Permission[] => {
  const own = (kind: string, one: string): string => (one.startsWith('arn:') ? one : arn('ecs', `${kind}/${one}`));
  const context = { 'ecs:cluster': [own('cluster', text(input, 'cluster'))] };
  switch (operation) {
    case 'RunTask':
      return [
        { action: 'ecs:RunTask', resource: text(input, 'taskDefinition'), context },
        // The role is the definition's, which the call does not name.
        { action: 'iam:PassRole', resource: undefined, ...passedTo('ecs-tasks') },
      ];
    case 'DescribeTasks':
      return ((input?.['tasks'] ?? []) as readonly string[]).map((one) => ({
        action: 'ecs:DescribeTasks',
        resource: own('task', one),
        context,
      }));
    case 'StopTask':
      return [{ action: 'ecs:StopTask', resource: own('task', text(input, 'task')), context }];
    default:
      return [{ action: `ecs:${operation}`, resource: undefined, context }];
  }
};

const ofScheduler = ({ operation, path, input }: RecordedCall): readonly Permission[] => {
  const { pathname, searchParams } = new URL(path, 'http://scheduler');
  const group = text(input, 'GroupName') || (searchParams.get('groupName') ?? 'default');
  const name = decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1));
  const { RoleArn = '' } = (input?.['Target'] ?? {}) as { readonly RoleArn?: string };
  return [
    { action: `scheduler:${operation}`, resource: arn('scheduler', `schedule/${group}/${name}`) },
    ...(RoleArn === '' ? [] : [{ action: 'iam:PassRole', resource: RoleArn, ...passedTo('scheduler') }]),
  ];
};
