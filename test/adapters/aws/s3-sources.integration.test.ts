import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../runner-task/supervisor/database.ts';
import { fetchObjects } from '../../../runner-task/supervisor/fetch-objects.ts';
import { s3DatasetFiles } from '../../../src/adapters/aws/s3-dataset-files.ts';
import { s3SourceObjects } from '../../../src/adapters/s3-source-objects.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import type { DatabaseTarget, LinkedObject } from '../../../src/contracts/sandbox.ts';
import type { DatabaseSchema } from '../../../src/contracts/schema.ts';
import { findDataset } from '../../../src/domain/datasets/registry.ts';
import { leaveOut } from '../../support/is-missing.ts';
import { findMiniStack, type MiniStack, startMiniStack } from './ministack.ts';

const found = await findMiniStack();

describe.skipIf('missing' in found && leaveOut('emulator', found.missing))('buckets of S3, in an emulator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-sources-'));
  let emulator: MiniStack;
  let client: S3Client;
  const clock = systemClock();
  const put = (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket: 'exports', Key, Body }));
  beforeAll(async () => {
    if (!('python' in found)) throw new Error('There is no MiniStack.');
    emulator = await startMiniStack(found.python);
    client = new S3Client({ ...emulator.client, forcePathStyle: true });
    for (const Bucket of ['exports', 'service']) await client.send(new CreateBucketCommand({ Bucket }));
    await put('shop/customers.csv', 'id,name\n1,Ann\n2,Bob\n');
    await put('shop/100% größe+.csv', 'id,size\n1,2\n');
    await put('shop/deeper/hidden.csv', 'id\n1\n');
    await put('shop/notes.txt', 'no table');
    await put('shop/../../etc/passwd.csv', 'id\n1\n');
    await put('many/_SUCCESS', 'done');
  });
  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const sources = (otherRegions = true) =>
    s3SourceObjects({ client, clock, origin: emulator.client.endpoint, otherRegions });

  /** As a sandbox opens them: fetched, then read where there is no network. */
  const openObjects = async (objects: readonly LinkedObject[]): Promise<DatabaseSchema> => {
    const fetched = join(folder, crypto.randomUUID());
    mkdirSync(fetched);
    await fetchObjects(objects, fetched, emulator.client.endpoint);
    const bounds = { memory_bytes: 512 * 1024 * 1024, spill_folder: join(folder, 'spill'), python: 'none' };
    const database = createDatabase(bounds, folder);
    try {
      return (await database.open({ engine: 'files', path: fetched })).schema;
    } finally {
      database.close();
    }
  };
  const objectsOf = (target: DatabaseTarget): readonly LinkedObject[] => ('objects' in target ? target.objects : []);

  it('are listed, linked to, fetched and opened as tables', async () => {
    const { objects } = await sources().list('exports', 'shop');
    expect(objects.map(({ name }) => name)).toEqual(['100% größe+.csv', 'customers.csv']);
    const { tables } = await openObjects(objects);
    expect(tables.map(({ name }) => name)).toEqual(['100% größe+', 'customers']);
  });

  it('can be one file', async () => {
    expect(await sources().list('exports', 'shop/customers.csv')).toMatchObject({
      objects: [{ name: 'customers.csv', bytes: 20 }],
    });
  });

  it('are told to be empty, or not there', async () => {
    await expect(sources().list('exports', 'many')).rejects.toMatchObject({ kind: 'DATABASE_EMPTY' });
    await expect(sources().list('nowhere', '')).rejects.toMatchObject({
      kind: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('There is no bucket "nowhere"'),
    });
  });

  it('hold the sample datasets, put there once', async () => {
    const datasets = s3DatasetFiles({ client, bucket: 'service', clock, origin: emulator.client.endpoint });
    const keys = async () => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'service' }));
      return Contents.map(({ Key, LastModified }) => `${Key} ${LastModified?.toISOString()}`);
    };
    const { schema } = findDataset('ecommerce');
    const first = await datasets.target('ecommerce');
    const made = await keys();
    expect(made).toHaveLength(schema.tables.length);
    await datasets.target('ecommerce');
    expect(await keys()).toEqual(made);
    const { tables } = await openObjects(objectsOf(first));
    expect(tables.map(({ name }) => name).toSorted()).toEqual(schema.tables.map(({ name }) => name).toSorted());
  });
});
