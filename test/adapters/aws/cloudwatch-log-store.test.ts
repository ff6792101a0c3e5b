import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudwatchLogStore } from '../../../src/adapters/aws/cloudwatch-log-store.ts';
import type { LogEntry } from '../../../src/contracts/log-entry.ts';
import type { LogStore } from '../../../src/ports/log-store.ts';
import { describeLogStoreContract } from '../../contracts/log-store-contract.ts';
import { freshTenant } from '../../contracts/stores/samples.ts';
import { startScriptedCloudwatch } from './scripted-cloudwatch.ts';

type Service = Awaited<ReturnType<typeof startScriptedCloudwatch>>;

const clientOf = (service: Service) =>
  new CloudWatchLogsClient({
    endpoint: service.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });

/** The store as the API has it, with functions that print what is appended. */
const printing = (service: Service): LogStore => ({
  ...cloudwatchLogStore({ client: clientOf(service), logGroup: 'functions' }),
  append: (entries) => entries.forEach((entry) => service.print(entry)),
});

const started: Service[] = [];
const start = async (searchedAtOnce: number): Promise<Service> => {
  const service = await startScriptedCloudwatch({ searchedAtOnce });
  started.push(service);
  return service;
};
afterAll(() => Promise.all(started.map((service) => service.stop())));

describe.each([1_000, 40])('with %i lines searched at once', (searchedAtOnce) => {
  describeLogStoreContract('CloudWatch Logs', async () => printing(await start(searchedAtOnce)));
});

describe('CloudWatch Logs', () => {
  const made = Date.UTC(2026, 0, 31, 12);
  const entry = (tenant: string, changes: Partial<LogEntry> = {}): LogEntry => ({
    tenant,
    at: new Date(made).toISOString(),
    level: 'INFO',
    message: 'm',
    fields: {},
    ...changes,
  });
  let service: Service;
  let store: LogStore;
  beforeAll(async () => {
    service = await start(10);
    store = printing(service);
  });

  it('is asked for what a query names, from the time on at which the run was made', async () => {
    const run_id = ulid(made);
    await store.query('acme', { run_id, level: 'WARN', q: 'x', limit: 5 });
    expect(service.asked.at(-1)).toMatchObject({
      startTime: made - 60_000,
      filterPattern: `{ $.tenant = "acme" && $.run_id = "${run_id}" && ($.level = "WARN" || $.level = "ERROR") }`,
    });
    await store.query('acme', { run_id, since: '2026-02-01T00:00:00.000Z', limit: 5 });
    expect(service.asked.at(-1)?.startTime).toBe(Date.UTC(2026, 1, 1));
  });

  it('shows a tenant nothing that a pattern with a star would match', async () => {
    const tenant = freshTenant();
    store.append([entry(tenant, { run_id: ulid(made) })]);
    expect(await store.query('*', { limit: 5 })).toEqual({ items: [] });
    expect(await store.query(tenant, { run_id: '*', limit: 5 })).toEqual({ items: [] });
  });

  it('passes over lines that Surveyor did not print', async () => {
    const tenant = freshTenant();
    service.printText(made, 'START RequestId: 1');
    service.printText(made, JSON.stringify({ tenant, type: 'platform.report' }));
    store.append([entry(tenant)]);
    expect(await store.query(tenant, { limit: 5 })).toEqual({ items: [entry(tenant)] });
  });

  it('gives a short page with a cursor where much was searched, and ends all the same', async () => {
    const tenant = freshTenant();
    for (let index = 0; index < 1_000; index += 1)
      store.append([
        entry(tenant, {
          at: new Date(made + 1_000 + index).toISOString(),
          message: index % 250 === 249 ? `needle ${index}` : 'hay',
        }),
      ]);
    const found: string[] = [];
    const lengths: number[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 20; page += 1) {
      const { items, next_cursor } = await store.query(tenant, {
        q: 'needle',
        limit: 100,
        ...(cursor === undefined ? {} : { cursor }),
      });
      lengths.push(items.length);
      found.push(...items.map(({ message }) => message));
      cursor = next_cursor;
      if (cursor === undefined) break;
    }
    expect(found).toEqual(['needle 249', 'needle 499', 'needle 749', 'needle 999']);
    expect(cursor).toBeUndefined();
    expect(lengths.length).toBeGreaterThan(3);
  });

  it('says so where it searched for long and found nothing to go on from', async () => {
    const silent = await start(10);
    for (let index = 0; index < 500; index += 1) silent.print(entry('other'));
    await expect(printing(silent).query('acme', { limit: 1 })).rejects.toMatchObject({
      kind: 'STORAGE_FAILED',
      message: expect.stringMatching(/^The log group functions was searched .*"since"/) as string,
    });
  });

  it('says of a log group that is not there which one it is', async () => {
    const lost = cloudwatchLogStore({ client: clientOf(service), logGroup: 'nowhere' });
    await expect(lost.query('acme', { limit: 1 })).rejects.toMatchObject({
      kind: 'STORAGE_FAILED',
      message: expect.stringMatching(/^The log group nowhere .* Check that it was deployed/) as string,
    });
  });
});
