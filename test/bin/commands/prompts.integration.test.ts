import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localPrompts } from '../../../bin/local/prompts.ts';
import { parseSettings, projectRoot } from '../../../bin/local/settings.ts';
import { s3PromptObjects } from '../../../src/adapters/aws/s3-prompt-objects.ts';
import { parsePrompt } from '../../../src/adapters/prompt-files.ts';
import { promptHash } from '../../../src/adapters/prompt-hash.ts';
import { failures } from '../../../src/contracts/failure.ts';
import { findMiniStack, type MiniStack, startMiniStack } from '../../adapters/aws/ministack.ts';
import { leaveOut } from '../../support/is-missing.ts';
import { runSurveyor } from '../../support/run-surveyor.ts';

const folder = mkdtempSync(join(tmpdir(), 'surveyor-prompts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shipped = readFileSync(join(projectRoot, 'prompts/cataloging.yaml'), 'utf8');
const mine = shipped.replace(/^version: \d+/m, 'version: 99');
const file = join(folder, 'mine.yaml');
writeFileSync(file, mine);
const mineHash = promptHash(parsePrompt(mine, file, 'cataloging'));

const surveyor = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  runSurveyor(args, {
    PATH: process.env['PATH'],
    HOME: folder,
    SURVEYOR_HOME: join(folder, 'home'),
    NO_COLOR: '1',
    ...more,
  });

type Listed = { readonly prompts: readonly Record<string, unknown>[] };
const listed = async (args: readonly string[] = [], more?: Readonly<Record<string, string>>) => {
  const { code, stdout, stderr } = await surveyor(['prompts', 'list', '--json', ...args], more);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (JSON.parse(stdout) as Listed).prompts;
};

describe('surveyor prompts, of this machine', () => {
  const settings = parseSettings({ SURVEYOR_HOME: join(folder, 'home') }, projectRoot, folder);
  const inForce = async () => (await localPrompts(settings).prompts.inForce('cataloging')).prompt.version;

  it('puts a prompt in the place of an agent’s own for what a service starts from then on, and takes it away', async () => {
    const before = await inForce();
    expect(await surveyor(['prompts', 'set', 'cataloging', file])).toMatchObject({
      code: 0,
      stdout: `cataloging is told ${mineHash} from the next run on.\n`,
    });
    expect(await inForce()).toBe(99);
    expect(await listed()).toEqual([
      { agent: 'cataloging', from: 'chosen', hash: mineHash, version: 99, chosen_at: expect.any(String) },
      { agent: 'summary', from: 'shipped' },
    ]);
    expect(await surveyor(['prompts', 'reset', 'cataloging'])).toMatchObject({ code: 0 });
    expect(await inForce()).toBe(before);
    // By its hash, since it was there before.
    expect(await surveyor(['prompts', 'set', 'cataloging', mineHash])).toMatchObject({ code: 0 });
    expect(await inForce()).toBe(99);
  });

  it.each([
    ['of no agent', ['poet', file], /There is no agent "poet"/],
    ['of another agent', ['summary', file], /its id is "cataloging", but it stands for the agent "summary"/],
    ['that is not there', ['cataloging', join(folder, 'nowhere.yaml')], /cannot be read/],
    ['with a field that nobody knows', ['cataloging', 'odd.yaml'], /temperature/],
    [
      'that asks for what there is not',
      ['cataloging', 'asking.yaml'],
      /asks for \{\{weather\}\}, which no agent is given/,
    ],
    ['that is too long', ['cataloging', 'long.yaml'], /a prompt may have 100000/],
    ['that nobody has kept', ['cataloging', '0'.repeat(64)], /No prompt is kept under 0+/],
  ])('refuses one %s, and changes nothing', async (_, [agent = '', given = ''], message) => {
    writeFileSync(join(folder, 'odd.yaml'), `${mine}\ntemperature: 0.5\n`);
    writeFileSync(join(folder, 'asking.yaml'), mine.replace('{{findings}}', '{{weather}}'));
    writeFileSync(join(folder, 'long.yaml'), `${mine}\n#${'x'.repeat(100_000)}\n`);
    const path = given.endsWith('.yaml') ? join(folder, given.split('/').at(-1) ?? '') : given;
    const { code, stderr } = await surveyor(['prompts', 'set', agent, path]);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(message);
    expect(await inForce()).toBe(99);
  });

  it('is refused where a variable goes before it', async () => {
    const variable = { SURVEYOR_PROMPT_CATALOGING: Buffer.from(shipped).toString('base64') };
    expect(await surveyor(['prompts', 'set', 'cataloging', file], variable)).toMatchObject({
      code: failures.CONFLICT.exit_code,
      stderr: expect.stringContaining('named by SURVEYOR_PROMPT_CATALOGING'),
    });
    expect((await listed([], variable))[0]).toEqual({
      agent: 'cataloging',
      from: 'setting',
      setting: 'SURVEYOR_PROMPT_CATALOGING',
    });
  });

  it('is not what is meant where commands speak to an API elsewhere', async () => {
    expect(await surveyor(['prompts', 'list'], { SURVEYOR_API_URL: 'http://127.0.0.1:9' })).toMatchObject({
      code: failures.INVALID_REQUEST.exit_code,
      stderr: expect.stringContaining('--stack'),
    });
  });
});

const found = await findMiniStack();
describe.skipIf('missing' in found && leaveOut('emulator', found.missing))(
  'surveyor prompts, of a stack on AWS',
  () => {
    let ministack: MiniStack | undefined;
    let env: Readonly<Record<string, string>>;
    let s3: S3Client;
    let cloudFormation: CloudFormationClient;
    const stack = 'prompts-of-a-stack';
    const bucket = 'bucket-of-prompts';

    const template = (context?: string) =>
      JSON.stringify({
        Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: bucket } } },
        Outputs: {
          BucketName: { Value: bucket },
          ...(context === undefined ? {} : { Prompts: { Value: context } }),
        },
      });

    beforeAll(async () => {
      if ('missing' in found) return;
      ministack = await startMiniStack(found.python, { SERVICES: 'cloudformation,s3' });
      const { client } = ministack;
      s3 = new S3Client({ ...client, forcePathStyle: true });
      cloudFormation = new CloudFormationClient(client);
      env = {
        AWS_ENDPOINT_URL: client.endpoint,
        AWS_ACCESS_KEY_ID: client.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: client.credentials.secretAccessKey,
        AWS_REGION: client.region,
      };
      await cloudFormation.send(new CreateStackCommand({ StackName: stack, TemplateBody: template() }));
      await waitUntilStackCreateComplete(
        { client: cloudFormation, maxWaitTime: 60, minDelay: 1 },
        { StackName: stack },
      );
    });
    afterAll(() => ministack?.stop());

    it('puts it into the bucket, by its hash, and says which one agents are told', async () => {
      const onStack = ['--stack', stack];
      const store = s3PromptObjects(s3, bucket);
      expect(await surveyor(['prompts', 'set', 'cataloging', file, ...onStack], env)).toMatchObject({
        code: 0,
        stderr: '',
      });
      const hash = mineHash;
      expect(await store.choice('cataloging')).toMatchObject({ agent: 'cataloging', hash });
      expect((await store.read(hash))?.text).toBe(mine);
      expect((await listed(onStack, env))[0]).toMatchObject({ from: 'chosen', hash, version: 99 });
      expect(await surveyor(['prompts', 'reset', 'cataloging', ...onStack], env)).toMatchObject({ code: 0 });
      expect(await store.choices()).toEqual([]);

      const added = await surveyor(['prompts', 'add', 'cataloging', file, ...onStack], env);
      expect(added.stdout).toContain(`-c prompts=cataloging=${hash}`);
      expect(await store.choices()).toEqual([]);
    });

    it('is refused where the context of the stack goes before it', async () => {
      const context = `cataloging=${mineHash}`;
      await cloudFormation.send(new UpdateStackCommand({ StackName: stack, TemplateBody: template(context) }));
      await waitUntilStackUpdateComplete(
        { client: cloudFormation, maxWaitTime: 60, minDelay: 1 },
        { StackName: stack },
      );
      expect(await surveyor(['prompts', 'set', 'cataloging', file, '--stack', stack], env)).toMatchObject({
        code: failures.CONFLICT.exit_code,
        stderr: expect.stringContaining('the context of the stack (prompts)'),
      });
    });
  },
);
