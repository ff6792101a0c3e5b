import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
  paginateListStackResources,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { MiniStack } from '../../adapters/aws/ministack.ts';
import type { Asset, Synthesis } from './synthesize.ts';

/** A stack that is up: its outputs, and the physical id of each logical one. */
export type Deployment = {
  readonly outputs: Readonly<Record<string, string>>;
  readonly physicalIds: ReadonlyMap<string, string>;
};

const account = '000000000000';

/** What `cdk bootstrap` leaves in an account, as far as our template asks for it. */
const bootstrap = (bucket: string): string =>
  JSON.stringify({
    Resources: {
      Assets: { Type: 'AWS::S3::Bucket', Properties: { BucketName: bucket } },
      Version: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Name: '/cdk-bootstrap/hnb659fds/version', Value: '30' },
      },
    },
  });

/** Deploys a synthesis into the emulator through CloudFormation: the bootstrap, the assets, and the template as it is. */
export const deploy = async (
  { client }: MiniStack,
  python: string,
  { templateFile, assets }: Synthesis,
): Promise<Deployment> => {
  const cloudFormation = new CloudFormationClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const bucket = `cdk-hnb659fds-assets-${account}-${client.region}`;
  await create(cloudFormation, { StackName: 'CDKToolkit', TemplateBody: bootstrap(bucket) });
  await upload(s3, bucket, python, assets);
  // CloudFormation takes a template of up to 51,200 bytes in a request, and 1 MB from a bucket.
  const Key = 'surveyor.template.json';
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: readFileSync(templateFile) }));
  const stack = await create(cloudFormation, {
    StackName: 'surveyor',
    TemplateURL: `https://s3.${client.region}.amazonaws.com/${bucket}/${Key}`,
    Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
  });
  const physicalIds = new Map<string, string>();
  for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName: 'surveyor' }))
    for (const { LogicalResourceId = '', PhysicalResourceId = '' } of page.StackResourceSummaries ?? [])
      physicalIds.set(LogicalResourceId, PhysicalResourceId);
  const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
  return { outputs: Object.fromEntries(outputs) as Record<string, string>, physicalIds };
};

const create = async (
  client: CloudFormationClient,
  input: ConstructorParameters<typeof CreateStackCommand>[0],
): Promise<Stack> => {
  await client.send(new CreateStackCommand(input));
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: input.StackName }));
    const [stack] = Stacks;
    if (stack?.StackStatus === 'CREATE_COMPLETE') return stack;
    if (stack?.StackStatus !== 'CREATE_IN_PROGRESS') throw new Error(await failureOf(client, input.StackName ?? ''));
    await sleep(100);
  }
  throw new Error(`The stack ${input.StackName} is not up after a minute.`);
};

const failureOf = async (client: CloudFormationClient, name: string): Promise<string> => {
  const events: StackEvent[] = [];
  for await (const page of paginateDescribeStackEvents({ client }, { StackName: name }))
    events.push(...(page.StackEvents ?? []));
  const reasons = events
    .filter(({ ResourceStatus = '' }) => ResourceStatus.endsWith('FAILED'))
    .map((event) => `${event.LogicalResourceId} (${event.ResourceType}): ${event.ResourceStatusReason}`);
  return `The stack ${name} was not created.\n${reasons.join('\n')}`;
};

/** Node has no zip, and the emulator's Python does; what is packed for a moment need not be small. */
const packing = `
import json, os, sys, zipfile
for source, target in json.load(sys.stdin):
    with zipfile.ZipFile(target, 'w', zipfile.ZIP_STORED) as archive:
        for folder, _, names in os.walk(source):
            for name in names:
                path = os.path.join(folder, name)
                archive.write(path, os.path.relpath(path, source))
`;

const upload = async (s3: S3Client, bucket: string, python: string, assets: readonly Asset[]): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-assets-'));
  try {
    const zips = assets.filter(({ packaging }) => packaging === 'zip');
    const fileOf = (asset: Asset): string => (asset.packaging === 'file' ? asset.path : join(folder, asset.key));
    execFileSync(python, ['-c', packing], { input: JSON.stringify(zips.map((zip) => [zip.path, fileOf(zip)])) });
    for (const asset of assets)
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: asset.key, Body: readFileSync(fileOf(asset)) }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
