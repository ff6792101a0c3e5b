import { heldByRun } from '../../../src/contracts/sandbox.ts';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoStores } from './dynamo-stores.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import { storeTable } from '../../../src/adapters/aws/stores/dynamo-table.ts';
import { s3PromptObjects } from '../../../src/adapters/aws/s3-prompt-objects.ts';
import { s3ObjectStore } from '../../../src/adapters/aws/s3-object-store.ts';
import { secretsManagerSecretStore } from '../../../src/adapters/aws/secrets-manager-secret-store.ts';
import { describeObjectStoreContract } from '../../contracts/object-store-contract.ts';
import { describePromptsContract } from '../../contracts/prompts-contract.ts';
import { describeStoresContract } from '../../contracts/stores/stores-contract.ts';
import { freshTenant, sampleRun } from '../../contracts/stores/samples.ts';
import { describeSecretStoreContract } from '../../contracts/secret-store-contract.ts';
import { loseAnswers, patientRetries } from './lose-answers.ts';
import { accessOf, likePattern, recordStores, type StoreCall } from './record-stores.ts';
import { storePermissions, type StoreStatement, storeStatements } from '../../../lib/store-permissions.ts';
import { findMiniStack, type MiniStack, startMiniStack } from './ministack.ts';
import { leaveOut } from '../../support/is-missing.ts';

const found = await findMiniStack();

const table = 'surveyor';
const bucket = 'surveyor-objects';

/** The table as docs/access-patterns.md says. */
const createTable = (client: DynamoDBClient) => {
  const { keys, indexes } = storeTable;
  const keySchema = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
  const names = [keys, ...indexes].flatMap(({ partition, sort }) => [partition, sort]);
  return client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: names.map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: keySchema(keys.partition, keys.sort),
      GlobalSecondaryIndexes: indexes.map(({ name, partition, sort }) => ({
        IndexName: name,
        KeySchema: keySchema(partition, sort),
        Projection: { ProjectionType: name === 'due' ? 'KEYS_ONLY' : 'ALL' },
      })),
    }),
  );
};

describe.skipIf('missing' in found && leaveOut('emulator', found.missing))('on an AWS emulator', () => {
  let ministack: MiniStack | undefined;
  let dynamo: DynamoDBClient;
  let documents: DynamoDBDocumentClient;
  let s3: S3Client;
  let secrets: SecretsManagerClient;

  beforeAll(async () => {
    if ('missing' in found) return;
    ministack = await startMiniStack(found.python);
    const { client } = ministack;
    dynamo = new DynamoDBClient(client);
    documents = DynamoDBDocumentClient.from(dynamo);
    s3 = new S3Client({ ...client, forcePathStyle: true });
    secrets = new SecretsManagerClient(client);
    await createTable(dynamo);
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  });
  afterAll(() => ministack?.stop());

  const calls: StoreCall[] = [];
  const plainly = () => recordStores(documents, dynamoStores({ client: documents, table }), calls);
  describeStoresContract('DynamoDB', plainly, 12);
  describe('where the answer to each conditional write is lost once', () => {
    const lost: (readonly string[])[] = [];
    describeStoresContract(
      'DynamoDB',
      () => {
        const unlucky = DynamoDBDocumentClient.from(
          new DynamoDBClient({ ...ministack!.client, retryStrategy: patientRetries }),
        );
        lost.push(loseAnswers(unlucky));
        return recordStores(unlucky, dynamoStores({ client: unlucky, table }), calls);
      },
      0,
    );
    it('has lost answers to every kind of write', () => {
      expect(new Set(lost.flat())).toEqual(
        new Set(['PutItemCommand', 'UpdateItemCommand', 'DeleteItemCommand', 'TransactWriteItemsCommand']),
      );
    });
  });

  it('is asked for what roles are granted for the access, and for nothing else', () => {
    const used = new Map<string, Set<string>>();
    const refused = new Set<string>();
    for (const { port, member, action, partition, index } of calls) {
      const access = accessOf(port, member);
      const granted = storeStatements(`${port}:${access}`) ?? [];
      const fits = granted.filter(
        (one) =>
          one.actions.some((allowed) => allowed === action) &&
          one.index === index &&
          one.partitions.some((pattern) => likePattern(pattern).test(partition)) &&
          !one.except?.some((pattern) => likePattern(pattern).test(partition)),
      );
      if (fits.length === 0)
        refused.add(`${port}.${member}: ${action} ${partition.replaceAll(/[\w-]{13,}/g, '…')} ${index ?? ''}`);
      const key = `${port}:${access}`;
      used.set(key, (used.get(key) ?? new Set()).add(action));
    }
    const granted = Object.entries(storePermissions).flatMap(([port, accesses]) =>
      Object.entries<readonly StoreStatement[]>(accesses).map(([access, statements]) => [
        `${port}:${access}`,
        [...new Set(statements.flatMap(({ actions }) => actions))].toSorted(),
      ]),
    );
    const idle = granted.filter(([key, actions]) => {
      const seen = used.get(String(key)) ?? new Set();
      return Array.isArray(actions) && actions.some((action) => !seen.has(action));
    });
    expect({ refused: [...refused], idle }).toEqual({ refused: [], idle: [] });
  });

  describeObjectStoreContract('S3', () => s3ObjectStore({ client: s3, bucket, clock: systemClock() }));
  describePromptsContract('S3', async () => ({
    store: s3PromptObjects(s3, bucket),
    spoil: async (Key, text) => {
      if (text === undefined) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
      else await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.from(text) }));
    },
  }));
  describeSecretStoreContract('Secrets Manager', () =>
    secretsManagerSecretStore({ client: secrets, prefix: 'surveyor' }),
  );

  describe('the DynamoDB run store', () => {
    it('keeps no item larger than DynamoDB allows', async () => {
      // The contract suite has put its largest documents before; the emulator may be more patient than AWS.
      const sizes: number[] = [];
      let start: Record<string, unknown> | undefined;
      do {
        const page = await documents.send(new ScanCommand({ TableName: table, ExclusiveStartKey: start }));
        for (const item of page.Items ?? []) {
          const packed = item['packed'] instanceof Uint8Array ? item['packed'].byteLength : 0;
          sizes.push(packed + Buffer.byteLength(JSON.stringify({ ...item, packed: undefined })));
        }
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
      expect(Math.max(...sizes)).toBeGreaterThan(150_000);
      expect(Math.max(...sizes)).toBeLessThan(400 * 1024);
    });

    it('marks claims and counts with the second after which they may go', async () => {
      const stores = dynamoStores({ client: documents, table });
      const [tenant, key_hash] = [freshTenant(), 'f'.repeat(64)];
      const [start, expires_at] = ['2026-01-31T12:00:00.000Z', '2026-02-01T12:00:00.500Z'];
      const claim = { tenant, key: 'k', request_hash: key_hash, run_id: sampleRun(tenant).run_id, expires_at };
      await stores.idempotencyKeys.claim(claim, start);
      await stores.requestCounts.count(key_hash, { start, seconds: 60 });
      const item = async (pk: string, sk: string) =>
        (await documents.send(new GetCommand({ TableName: table, Key: { pk, sk } }))).Item;
      expect(await item(`TENANT#${tenant}#IDEMPOTENCY#k`, 'IDEMPOTENCY')).toMatchObject({
        [storeTable.expiry]: Math.ceil(Date.parse(expires_at) / 1000),
      });
      expect(await item(`USE#${key_hash}`, `WINDOW#60#${start}`)).toMatchObject({
        count: 1,
        [storeTable.expiry]: Date.parse(start) / 1000 + 60,
      });
    });

    it('refuses to write a key under a name that holds its separator', async () => {
      const stores = dynamoStores({ client: documents, table });
      const refused = { kind: 'INVALID_REQUEST', where: 'tenant' };
      // What no reader would take is refused before a key is made of it.
      await expect(stores.runs.create(sampleRun('acme#RUN#x'))).rejects.toMatchObject({ kind: 'INTERNAL' });
      await expect(stores.leases.get('acme#RUN#x', heldByRun('y'))).rejects.toMatchObject(refused);
    });

    it('says of a table that is not there which one it is', async () => {
      const stores = dynamoStores({ client: documents, table: 'nowhere' });
      await expect(stores.runs.get('acme', 'x')).rejects.toMatchObject({
        kind: 'STORAGE_FAILED',
        message: expect.stringMatching(/^The table nowhere .* Check that it was deployed/),
      });
    });

    it('says of a document that something else wrote that it does not fit', async () => {
      const run = sampleRun(freshTenant());
      const key = { pk: `TENANT#${run.tenant}`, sk: `RUN#${run.run_id}` };
      const document = { ...run, reports: {}, status: 'dancing' };
      await documents.send(new PutCommand({ TableName: table, Item: { ...key, document } }));
      await expect(dynamoStores({ client: documents, table }).runs.get(run.tenant, run.run_id)).rejects.toMatchObject({
        kind: 'STORAGE_FAILED',
        message: expect.stringMatching(/the table surveyor is not what Surveyor stores there \(status: /),
      });
    });

    it('reads a run and a key from before: one place for all runs, one role for a key', async () => {
      const stores = dynamoStores({ client: documents, table });
      const { publish, owner: _, trigger: __, actor: ___, ...run } = sampleRun(freshTenant(), { status: 'succeeded' });
      const { tenant, run_id } = run;
      const prefix_pk = `TENANT#${tenant}#PREFIX#${publish?.s3_prefix}`;
      const Item = { pk: `TENANT#${tenant}`, sk: `RUN#${run_id}`, prefix_pk, prefix_sk: run_id };
      const document = { ...run, ...publish, reports: {} };
      await documents.send(new PutCommand({ TableName: table, Item: { ...Item, document } }));
      expect(await stores.runs.get(tenant, run_id)).toEqual({ ...run, publish });
      expect((await stores.runs.list(tenant, { limit: 5 }, ['reports'])).items).toEqual([{ ...run, publish }]);
      const key = { hash: 'e'.repeat(64), tenant, label: 'old', created_at: '2026-01-31T12:00:00.000Z' };
      const keyItem = { pk: `KEY#${key.hash}`, sk: 'KEY', document: { ...key, role: 'operator' } };
      await documents.send(new PutCommand({ TableName: table, Item: keyItem }));
      expect(await stores.apiKeys.find(key.hash)).toEqual({ ...key, roles: ['reader', 'operator'], rights: [] });
    });

    it('refuses more steps than one transaction takes', async () => {
      const noise = () => Array.from({ length: 200 }, () => Math.random().toString(36)).join('');
      const steps = Array.from({ length: 3_000 }, (_, index) => ({
        step_id: String(index),
        name: 'a',
        kind: 'node' as const,
        detail: noise(),
        status: 'succeeded' as const,
        started_at: '2026-01-31T12:00:00.000Z',
      }));
      const stores = dynamoStores({ client: documents, table });
      await expect(stores.steps.replace(freshTenant(), 'r', steps)).rejects.toMatchObject({
        kind: 'REQUEST_TOO_LARGE',
      });
    });
  });

  it('S3 keeps the type of an object', async () => {
    const tenant = freshTenant();
    await s3ObjectStore({ client: s3, bucket, clock: systemClock() }).put(tenant, 'a.html', '<p>', 'text/html');
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: `${tenant}/a.html` }));
    expect(head.ContentType).toBe('text/html');
  });

  it('S3 says of a bucket that is not there which one it is', async () => {
    const store = s3ObjectStore({ client: s3, bucket: 'nowhere', clock: systemClock() });
    await expect(store.get('acme', 'k')).rejects.toMatchObject({
      kind: 'STORAGE_FAILED',
      message: expect.stringMatching(/^The bucket nowhere .* Check that it was deployed/),
    });
  });

  it('Secrets Manager holds secrets under the prefix and the tenant', async () => {
    const tenant = freshTenant();
    await secretsManagerSecretStore({ client: secrets, prefix: 'stage-1' }).put(tenant, 'shop', 'v');
    const { SecretList = [] } = await secrets.send(
      new ListSecretsCommand({ Filters: [{ Key: 'name', Values: [`stage-1/${tenant}/`] }] }),
    );
    expect(SecretList.map(({ Name }) => Name)).toEqual([`stage-1/${tenant}/shop`]);
  });
});
