import { describe, expect, it } from 'vitest';
import type { Account } from '../../../bin/deploy/account.ts';
import { deployContext } from '../../../bin/deploy/deploy-context.ts';
import { lookAhead } from '../../../bin/deploy/look-ahead.ts';

const wellFurnished: Account = {
  identity: async () => ({ account: '123456789012', arn: 'arn:aws:sts::123456789012:assumed-role/admin/me' }),
  region: async () => 'eu-central-1',
  bootstrapVersion: async () => 28,
  fargateCpus: async () => 6,
  concurrentCalls: async () => 1_000,
  subnets: async (ids) => ids.map((id) => ({ id, vpcId: 'vpc-0a1b2c3d' })),
  endpoints: async () => ['s3', 'dynamodb', 'ecr.api', 'ecr.dkr', 'logs', 'secretsmanager'],
};
const brought = ['-c', 'vpcId=vpc-0a1b2c3d', '--context', 'subnetIds=subnet-0a1b2c3d', '-cendpoints=sg-0a1b2c3d'];

const look = async (
  account: Partial<Account> = {},
  args: readonly string[] = [],
  engine = true,
): Promise<{ readonly missing: number; readonly text: string }> => {
  const lines: string[] = [];
  const missing = await lookAhead(
    {
      account: { ...wellFurnished, ...account },
      context: deployContext(['-c', 'sandboxes=3', ...args], '{"context": {"origins": ["https://a.example"]}}'),
      containerEngine: async () => engine,
      environment: {},
    },
    (line) => lines.push(line),
  );
  return { missing, text: lines.join('\n') };
};

describe('a deployment', () => {
  it('finds nothing missing in an account that has all', async () => {
    expect(await look()).toEqual({
      missing: 0,
      text: [
        '  ok       credentials: account 123456789012 in eu-central-1, as arn:aws:sts::123456789012:assumed-role/admin/me',
        '  ok       bootstrap of the CDK: version 28',
        '  ok       image of the sandbox: built here with docker',
        '  ok       quota of Fargate vCPUs: 6, of which 6 may be used',
        '  ok       concurrency of functions: 1000 at once',
        '  ok       network: the stack makes one',
      ].join('\n'),
    });
    expect((await look({}, brought)).text).toContain('ok       network: vpc-0a1b2c3d, 1 subnet');
  });

  it.each<readonly [string, Partial<Account>, readonly string[], boolean, string]>([
    [
      'a bootstrap',
      { bootstrapVersion: async () => undefined },
      [],
      true,
      'Run npx cdk bootstrap aws://123456789012/eu-central-1 once.',
    ],
    ['a newer bootstrap', { bootstrapVersion: async () => 5 }, [], true, 'version 5 is too old, 6 is needed'],
    ['a container engine', {}, [], false, 'nothing answers to docker'],
    ['vCPUs of Fargate', { fargateCpus: async () => 4 }, [], true, 'deploy with -c sandboxes=2'],
    ['concurrency', { concurrentCalls: async () => 10 }, [], true, 'Ask for 50 or more'],
    ['a subnet', { subnets: async () => [] }, brought, true, 'subnet-0a1b2c3d is no subnet of vpc-0a1b2c3d'],
    [
      'a subnet of that VPC',
      { subnets: async (ids) => ids.map((id) => ({ id, vpcId: 'vpc-other' })) },
      brought,
      true,
      'subnet-0a1b2c3d is no subnet of vpc-0a1b2c3d',
    ],
    [
      'endpoints',
      { endpoints: async () => ['s3', 'logs'] },
      brought,
      true,
      'no endpoint of dynamodb, ecr.api, ecr.dkr',
    ],
  ])('is told that it lacks %s, and what to do', async (_, account, args, engine, said) => {
    const { missing, text } = await look(account, args, engine);
    expect(missing).toBe(1);
    expect(text).toContain(said);
  });

  it('asks an account nothing without credentials, and tells what is missing here all the same', async () => {
    const asked = async (): Promise<never> => Promise.reject(new Error('Nobody is signed in, and this was asked'));
    const { missing, text } = await look(
      {
        identity: async () => Promise.reject(new Error('Could not load credentials from any providers')),
        bootstrapVersion: asked,
        fargateCpus: asked,
        concurrentCalls: asked,
        subnets: asked,
      },
      brought,
      false,
    );
    expect(missing).toBe(2);
    expect(text.split('\n')).toEqual([
      '  MISSING  credentials: no credentials that AWS takes: Could not load credentials from any providers.',
      expect.stringContaining('Sign in (aws sso login'),
      '  unknown  bootstrap of the CDK: cannot be asked without credentials',
      expect.stringContaining('MISSING  image of the sandbox: nothing answers to docker'),
      expect.stringContaining('CDK_DOCKER'),
      '  unknown  quota of Fargate vCPUs: cannot be asked without credentials',
      '  unknown  concurrency of functions: cannot be asked without credentials',
      '  unknown  network: cannot be asked without credentials',
    ]);
  });

  it('is told that a region is missing, not credentials', async () => {
    const { missing, text } = await look({ identity: async () => Promise.reject(new Error('Region is missing')) });
    expect(missing).toBe(1);
    expect(text).toContain('MISSING  credentials: nothing says which region.\n           Set AWS_REGION');
    expect(text).not.toContain('no credentials');
  });

  it('looks for the container engine that CDK_DOCKER names', async () => {
    const lines: string[] = [];
    const wanted: string[] = [];
    const context = deployContext([], '{}');
    const containerEngine = async (command: string) => wanted.push(command) > 0;
    const environment = { CDK_DOCKER: 'finch' };
    await lookAhead({ account: wellFurnished, context, containerEngine, environment }, (line) => lines.push(line));
    expect(wanted).toEqual(['finch']);
    expect(lines).toContain('  ok       image of the sandbox: built here with finch');
  });

  it('tells all that is missing at once, and goes on where it may not ask', async () => {
    const denied = async (): Promise<never> => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDenied' }));
    const { missing, text } = await look({ fargateCpus: denied, concurrentCalls: async () => 10 }, [], false);
    expect(missing).toBe(2);
    expect(text).toContain('unknown  quota of Fargate vCPUs: could not be asked (AccessDenied: no)');
  });

  it('is not told that all is well where nobody could look', async () => {
    const { missing, text } = await look({
      fargateCpus: async () => undefined,
      concurrentCalls: async () => undefined,
    });
    expect(missing).toBe(0);
    expect(text).toContain('unknown  quota of Fargate vCPUs: AWS names none');
    expect(text).toContain('unknown  concurrency of functions: AWS names none');
  });

  it('is not advised to run no sandbox at all', async () => {
    expect((await look({ fargateCpus: async () => 1 })).text).not.toContain('sandboxes=0');
  });

  it('needs no container engine with an image that is built, and no endpoints behind a NAT gateway', async () => {
    expect((await look({}, ['-c', 'sandboxImage=x@sha256:0'], false)).missing).toBe(0);
    expect((await look({ endpoints: async () => [] }, [...brought, '-c', 'endpoints=0.0.0.0/0'])).missing).toBe(0);
  });
});
