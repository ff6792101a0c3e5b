import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeTable } from '../../../src/adapters/aws/stores/dynamo-table.ts';
import { openSqliteStores } from '../../../src/adapters/local/stores/open-sqlite-stores.ts';
import { apiKeyHash } from '../../../src/use-cases/api-key-hash.ts';
import { findMiniStack, type MiniStack, startMiniStack } from '../../adapters/aws/ministack.ts';
import { leaveOut } from '../../support/is-missing.ts';

const home = mkdtempSync(join(tmpdir(), 'surveyor-keys-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs the command line in an environment of its own. */
const surveyor = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  new Promise((done) => {
    const script = join(process.cwd(), 'bin', 'surveyor.ts');
    const env = { PATH: process.env['PATH'], HOME: home, SURVEYOR_HOME: join(home, 'data'), ...more };
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', script, ...args],
      { env },
      (error, stdout, stderr) => done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

type KeyData = { readonly key: string; readonly id: string };

/** What a command prints as data. */
const dataOf = async <T>(args: readonly string[], more?: Readonly<Record<string, string>>): Promise<T> => {
  const { code, stdout, stderr } = await surveyor([...args, '--json'], more);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
};

describe('keys of this machine', () => {
  it('are made, listed and revoked without a service, and kept as hashes alone', async () => {
    const add = ['keys', 'add', 'nightly job', '--role', 'operator', '--role', 'reader', '--prefix', 'reports/sales'];
    const made = await dataOf<KeyData>(add);
    expect(made).toMatchObject({
      key: expect.stringMatching(/^sk-surveyor-[\w-]{43}$/),
      tenant: 'local',
      roles: ['operator', 'reader'],
      rights: [],
      prefixes: ['reports/sales'],
      label: 'nightly job',
    });
    const store = join(home, 'data', 'store.sqlite');
    expect(readFileSync(store).includes(made.key)).toBe(false);
    const stores = openSqliteStores(store);
    expect(await stores.apiKeys.find(apiKeyHash(made.key))).toMatchObject({ label: 'nightly job' });
    await stores.apiKeys.noteUse(apiKeyHash(made.key), '2026-01-31T12:34:56.000Z');
    stores.close();

    const { stdout } = await surveyor(['keys', 'list']);
    expect(stdout).toMatch(
      new RegExp(
        `^${made.id}  local   operator,reader  reports/sales  [-\\d: ]{16}  2026-01-31 12h .*nightly job$`,
        'm',
      ),
    );
    expect(stdout).not.toContain(made.key);

    expect(await dataOf(['keys', 'revoke', made.id])).toMatchObject({ revoked_at: expect.any(String) });
    expect(await surveyor(['keys', 'revoke', made.id])).toMatchObject({ code: 5 });
    expect(await surveyor(['keys', 'revoke', 'ffffffffffff'])).toMatchObject({ code: 4 });
    expect(await surveyor(['keys', 'revoke', made.id.slice(0, 3)])).toMatchObject({ code: 2 });
  });

  it.each([
    [[], '--role'],
    [['--role', 'king'], '--role'],
    [['--role', 'reader', '--right', 'all'], '--right'],
    [['--role', 'reader', '--prefix', '/a//b'], '--prefix'],
    [['--role', 'reader', '--tenant', 'A#B'], '--tenant'],
  ])('are refused with %j', async (options, place) => {
    const { code, stderr } = await surveyor(['keys', 'add', 'x', ...options]);
    expect(code).toBe(2);
    expect(stderr).toContain(`where: ${place}`);
  });
});

const found = await findMiniStack();

describe.skipIf('missing' in found && leaveOut('emulator', found.missing))('keys of a stack on AWS', () => {
  let ministack: MiniStack | undefined;
  let environment: Readonly<Record<string, string>>;

  beforeAll(async () => {
    if ('missing' in found) return;
    ministack = await startMiniStack(found.python, { SERVICES: 'cloudformation,dynamodb' });
    const { client } = ministack;
    environment = {
      AWS_ENDPOINT_URL: client.endpoint,
      AWS_REGION: client.region,
      AWS_ACCESS_KEY_ID: client.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: client.credentials.secretAccessKey,
    };
    const { partition, sort } = storeTable.keys;
    const table = {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [partition, sort].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: partition, KeyType: 'HASH' },
          { AttributeName: sort, KeyType: 'RANGE' },
        ],
      },
    };
    const stacks = new CloudFormationClient(client);
    for (const [StackName, Outputs] of [
      ['surveyor', { TableName: { Value: { Ref: 'Table' } } }],
      ['older', { ApiUrl: { Value: 'https://api.example' } }],
    ] as const) {
      const TemplateBody = JSON.stringify({ Resources: { Table: table }, Outputs });
      await stacks.send(new CreateStackCommand({ StackName, TemplateBody }));
      await waitUntilStackCreateComplete({ client: stacks, maxWaitTime: 60, minDelay: 1 }, { StackName });
    }
  });
  afterAll(() => ministack?.stop());

  it('are made, listed and revoked with the user’s own credentials', async () => {
    const stack = ['--stack', 'surveyor'];
    const made = await dataOf<KeyData>(
      ['keys', 'add', 'sales team', '--role', 'reader', '--tenant', 'acme', ...stack],
      environment,
    );
    expect(await dataOf(['keys', 'list', ...stack], environment)).toEqual({
      keys: [{ ...made, key: undefined, tenant: 'acme', roles: ['reader'] }],
    });
    await dataOf(['keys', 'revoke', made.id, ...stack], environment);
    expect(await dataOf(['keys', 'list', ...stack], environment)).toMatchObject({
      keys: [{ id: made.id, revoked_at: expect.any(String) }],
    });
  });

  it('are looked for in a region that somebody names', async () => {
    const { AWS_REGION: _, ...nowhere } = environment;
    const asked = await surveyor(['keys', 'list', '--stack', 'surveyor'], nowhere);
    expect(asked.stderr).toContain('Set AWS_REGION.');
    expect(asked.stderr).not.toContain('Region is missing');
  });

  it('are looked for in a stack that is there, and that says where they are', async () => {
    const nowhere = await surveyor(['keys', 'list', '--stack', 'nowhere'], environment);
    expect(nowhere).toMatchObject({ code: 4, stderr: expect.stringContaining('no stack "nowhere"') });
    const older = await surveyor(['keys', 'list', '--stack', 'older'], environment);
    expect(older).toMatchObject({ code: 4, stderr: expect.stringContaining('TableName') });
  });
});
