import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { httpHandler } from '../../functions/http-edge.ts';
import { openHandler } from '../../functions/open-edge.ts';
import { ApiKey } from '../../src/contracts/api-key.ts';
import { type RouteName, routes } from '../../src/contracts/routes.ts';
import { Role } from '../../src/contracts/role.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Ports } from '../../src/ports/ports.ts';

const names = Object.keys(routes) as readonly RouteName[];

/** Who may do what, said once more and by role, so that a route cannot be opened by a slip in its table. */
const webhooks: readonly RouteName[] = [
  'createWebhook',
  'listWebhooks',
  'getWebhook',
  'changeWebhook',
  'deleteWebhook',
  'listDeliveries',
  'retryDelivery',
];
const mayRead: readonly RouteName[] = [
  'listRuns',
  'getRun',
  'listSteps',
  'listLogs',
  'listConnections',
  'getConnection',
  'listSchedules',
  'getSchedule',
  'listDatasets',
  'describeDataset',
];
const mayReadReports: readonly RouteName[] = [...mayRead, 'listFindings', 'readReport'];
const may: Readonly<Record<Role, readonly RouteName[]>> = {
  reader: mayReadReports,
  analyst: mayReadReports,
  approver: mayReadReports,
  operator: [
    ...mayReadReports,
    'createCatalog',
    'cancelRun',
    'resumeRun',
    'createConnection',
    'deleteConnection',
    'testConnection',
    'rotateConnection',
    'createSchedule',
    'changeSchedule',
    'deleteSchedule',
    ...webhooks,
  ],
  auditor: mayRead,
  worker: [],
  admin: [],
};
const open: readonly RouteName[] = ['checkHealth', 'describeApi'];
const tenantWide: readonly RouteName[] = [
  'createConnection',
  'deleteConnection',
  'testConnection',
  'rotateConnection',
  ...webhooks,
];

const log: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };

const keyText = 'sk-of-a-test';
const sampleKey = (changes: Partial<ApiKey> = {}): ApiKey => ({
  hash: createHash('sha256').update(keyText).digest('hex'),
  tenant: 'acme',
  roles: ['reader'],
  rights: [],
  label: 'of a test',
  created_at: '2026-01-31T12:00:00.000Z',
  ...changes,
});

/** How the edge of a route answers the holder of a key: 401, 403, or whatever becomes of a request that is let through. */
const answerTo = async (name: RouteName, key?: ApiKey, token = keyText): Promise<APIGatewayProxyResult> => {
  const ports = {
    apiKeys: { find: async (hash: string) => (hash === key?.hash ? key : undefined), noteUse: async () => undefined },
    clock: { now: () => new Date('2026-01-31T12:00:00.000Z') },
    api: { requests_per_minute: 0, origins: [] },
    log,
  } as unknown as Ports;
  const respond = async () => ({ contentType: 'text/plain', text: 'let through' });
  // Only what anyone may call compiles with the edge that looks at no credential.
  const route = routes[name];
  const handler = route.roles === 'anyone' ? openHandler(route, ports, respond) : httpHandler(route, ports, respond);
  const event = {
    httpMethod: route.method,
    path: route.path,
    headers: { authorization: `Bearer ${token}` },
    body: null,
    requestContext: { requestId: 'of-a-test' },
  } as unknown as APIGatewayProxyEvent;
  return handler(event, {} as Context);
};
const outcome = async (name: RouteName, key?: ApiKey, token?: string): Promise<number | 'let through'> => {
  const { statusCode } = await answerTo(name, key, token);
  return statusCode === 401 || statusCode === 403 ? statusCode : 'let through';
};

describe('the roles of API keys', () => {
  for (const role of Role.options)
    it.each(names)(`let ${role} do what it may and nothing else: %s`, async (name) => {
      const expected = open.includes(name) || may[role].includes(name);
      expect(await outcome(name, sampleKey({ roles: [role] }))).toBe(expected ? 'let through' : 403);
    });

  it.each(names)('let nobody do anything without a key that is known: %s', async (name) => {
    const expected = open.includes(name) ? 'let through' : 401;
    expect(await outcome(name)).toBe(expected);
    expect(await outcome(name, sampleKey({ roles: Role.options }), 'sk-another')).toBe(expected);
  });

  it.each(names)('of one key come together: %s', async (name) => {
    const key = sampleKey({ roles: ['worker', 'auditor', 'operator'] });
    const expected = open.includes(name) || may.operator.includes(name);
    expect(await outcome(name, key)).toBe(expected ? 'let through' : 403);
  });

  it.each(names)('reach what belongs to no prefix only where the key is not limited: %s', async (name) => {
    const key = sampleKey({ roles: Role.options, prefixes: ['reports/sales'] });
    expect(await outcome(name, key)).toBe(tenantWide.includes(name) ? 403 : 'let through');
  });

  it('are named where one is missing', async () => {
    const { body } = await answerTo('createCatalog', sampleKey({ roles: ['reader', 'auditor'] }));
    expect(JSON.parse(body)).toMatchObject({
      kind: 'FORBIDDEN',
      detail: 'The key "of a test" has the roles reader, auditor; this needs operator. Use a key that has it.',
    });
  });

  it('are read from keys of before: an operator could read, too', () => {
    const { roles: _, rights: __, ...old } = sampleKey();
    expect(ApiKey.parse({ ...old, role: 'reader' })).toEqual(sampleKey({ roles: ['reader'] }));
    expect(ApiKey.parse({ ...old, role: 'operator' })).toEqual(sampleKey({ roles: ['reader', 'operator'] }));
    expect(ApiKey.safeParse({ ...old, role: 'admin of all' }).success).toBe(false);
  });
});

it('the page says of each role what it opens', () => {
  const page = readFileSync('docs/api-access.md', 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| (sees|–) \| (sees|–) \| (does|–) \|$/gm)].map(([, ...cells]) => cells);
  const opens = (role: Role, route: RouteName, word: string): string => (may[role].includes(route) ? word : '–');
  expect(rows).toEqual(
    Role.options.map((role) => [
      role,
      opens(role, 'listRuns', 'sees'),
      opens(role, 'readReport', 'sees'),
      opens(role, 'createCatalog', 'does'),
    ]),
  );
  // Three columns say all, as long as routes come in three kinds.
  const kinds = new Set(names.flatMap((name) => (routes[name].roles === 'anyone' ? [] : [routes[name].roles.join()])));
  expect(kinds.size).toBe(3);
});
