import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { apiClient, type ApiClient } from '../../src/contracts/client.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';

const nightly = {
  name: 'nightly',
  expression: 'cron(0 2 * * ? *)',
  time_zone: 'Europe/Berlin',
  catalog: { dataset: 'ecommerce', s3_prefix: 'reports/shop' },
};

describe('schedules over the API', () => {
  let local: LocalService;
  let api: ApiClient;
  /** The API, asked with a key that is limited to prefixes. */
  let limited: ApiClient;

  beforeAll(async () => {
    local = await startLocalService();
    api = local.api;
    const apiKey = 'sk-surveyor-limited';
    const stores = openSqliteStores(join(local.home, 'store.sqlite'));
    await stores.apiKeys.add({
      hash: createHash('sha256').update(apiKey).digest('hex'),
      tenant: 'local',
      roles: ['reader', 'operator'],
      rights: [],
      prefixes: ['reports/sales'],
      label: 'sales',
      created_at: new Date().toISOString(),
    });
    stores.close();
    limited = apiClient({ baseUrl: local.service.url, apiKey });
  });
  afterAll(() => local?.close());

  it('are made, shown, changed and deleted', async () => {
    const made = await api.createSchedule(nightly);
    expect(made).toMatchObject({ ...nightly, paused: false, revision: 1, created_by: { kind: 'key' } });
    expect(new Date(made.next_due_at ?? '').getTime()).toBeGreaterThan(Date.now());
    await expect(api.createSchedule(nightly)).rejects.toMatchObject({ kind: 'CONFLICT' });
    expect(await api.changeSchedule({ name: 'nightly', paused: true })).not.toHaveProperty('next_due_at');
    const changed = await api.changeSchedule({ name: 'nightly', paused: false, expression: 'rate(2 hours)' });
    expect(changed).toMatchObject({ expression: 'rate(2 hours)', revision: 3, catalog: nightly.catalog });
    expect(await api.listSchedules()).toEqual({ schedules: [changed] });
    expect(await api.deleteSchedule({ name: 'nightly' })).toMatchObject({ name: 'nightly' });
    await expect(api.getSchedule({ name: 'nightly' })).rejects.toMatchObject({ kind: 'NOT_FOUND' });
  });

  it.each([
    ['an expression', { expression: 'cron(0 2 * * *)' }, 'INVALID_REQUEST', 'body.expression'],
    ['a time that never comes', { expression: 'cron(0 2 1 1 ? 2020)' }, 'INVALID_REQUEST', 'body.expression'],
    ['a time zone', { time_zone: 'Berlin' }, 'INVALID_REQUEST', 'body.time_zone'],
    ['a dataset', { catalog: { ...nightly.catalog, dataset: 'nosuch' } }, 'DATASET_NOT_FOUND', 'dataset'],
    [
      'a connection',
      { catalog: { connection: 'nosuch', s3_prefix: 'reports' } },
      'NOT_FOUND',
      'body.catalog.connection',
    ],
    ['a prefix', { catalog: { ...nightly.catalog, s3_prefix: '../up' } }, 'INVALID_REQUEST', 'body.catalog.s3_prefix'],
  ])('are refused at once where %s is wrong', async (_, wrong, kind, where) => {
    await expect(api.createSchedule({ ...nightly, ...wrong })).rejects.toMatchObject({ kind, where });
    expect((await api.listSchedules()).schedules).toEqual([]);
  });

  it('keep no connection string', async () => {
    const catalog = { db_conn_string: 'postgresql://u:p@db/app', s3_prefix: 'reports/app' } as never;
    await expect(api.createSchedule({ ...nightly, catalog })).rejects.toMatchObject({
      kind: 'INVALID_REQUEST',
      message: expect.stringContaining('a schedule keeps no connection string'),
    });
  });

  it('are those of its own prefixes to a key that is limited', async () => {
    await api.createSchedule(nightly);
    await expect(limited.createSchedule({ ...nightly, name: 'mine' })).rejects.toMatchObject({ kind: 'FORBIDDEN' });
    const own = { ...nightly.catalog, s3_prefix: 'reports/sales/daily' };
    await limited.createSchedule({ ...nightly, name: 'mine', catalog: own });
    expect((await limited.listSchedules()).schedules.map(({ name }) => name)).toEqual(['mine']);
    await expect(limited.getSchedule({ name: 'nightly' })).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    await expect(limited.changeSchedule({ name: 'nightly', paused: true })).rejects.toMatchObject({
      kind: 'NOT_FOUND',
    });
    await expect(limited.changeSchedule({ name: 'mine', catalog: nightly.catalog })).rejects.toMatchObject({
      kind: 'FORBIDDEN',
    });
    await expect(limited.deleteSchedule({ name: 'nightly' })).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    expect((await api.listSchedules()).schedules.map(({ name }) => name)).toEqual(['mine', 'nightly']);
  });
});
