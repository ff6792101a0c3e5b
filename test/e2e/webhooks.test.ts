import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook as Verifier } from 'standardwebhooks';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { apiClient, type ApiClient } from '../../src/contracts/client.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import {
  createCertificate,
  type Received,
  startWebhookReceiver,
  trust,
  type WebhookReceiver,
} from '../support/webhook-receiver.ts';

/** Waits until something is so, for 90 seconds at the most: what is due is looked for every minute. */
const until = async <T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> => {
  for (let waited = 0; waited < 90_000; waited += 100) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(100);
  }
  throw new Error('not so within 90 seconds');
};

describe('webhooks of a service', () => {
  let distrust: () => void;
  let local: LocalService;
  let api: ApiClient;
  let chat: WebhookReceiver;
  let broken: WebhookReceiver;
  let foreign: WebhookReceiver;
  let status = 500;
  let key: string;
  let run: string;

  /** The API, asked with a key that is put into the store. */
  const asked = async (changes: { readonly tenant?: string; readonly prefixes?: readonly string[] }) => {
    const apiKey = `sk-surveyor-${changes.tenant ?? 'limited'}`;
    const stores = openSqliteStores(join(local.home, 'store.sqlite'));
    await stores.apiKeys.add({
      hash: createHash('sha256').update(apiKey).digest('hex'),
      tenant: 'local',
      roles: ['reader', 'operator'],
      rights: [],
      label: 'another',
      created_at: new Date().toISOString(),
      ...changes,
    });
    stores.close();
    return apiClient({ baseUrl: local.service.url, apiKey });
  };
  const place = ({ port }: WebhookReceiver): string => `https://127.0.0.1:${port}/in?token=hunter2`;
  const typesOf = (messages: readonly Received[]): ReadonlySet<unknown> =>
    new Set(messages.map(({ body }) => (JSON.parse(body) as { readonly type: unknown }).type));

  beforeAll(async () => {
    const certificate = await createCertificate(['127.0.0.1']);
    distrust = trust(certificate.cert);
    chat = await startWebhookReceiver(certificate, (response) => response.writeHead(204).end());
    broken = await startWebhookReceiver(certificate, (response) => response.writeHead(status).end('out of order'));
    foreign = await startWebhookReceiver(certificate, (response) => response.writeHead(204).end());
    local = await startLocalService({ SURVEYOR_WEBHOOK_NETWORKS: '127.0.0.1/32' });
    api = local.api;
    key = (await api.createWebhook({ name: 'chat', url: place(chat) })).signing_key ?? '';
    await api.createWebhook({ name: 'broken', url: place(broken), types: ['run-settled'] });
    const other = await asked({ tenant: 'other' });
    await other.createWebhook({ name: 'chat', url: place(foreign) });
    run = (await api.createCatalog({ dataset: 'ecommerce', s3_prefix: 'reports/shop' })).run_id;
    await local.ended(run);
  });
  afterAll(async () => {
    await local?.close();
    for (const receiver of [chat, broken, foreign]) await receiver?.close();
    distrust?.();
  });

  it('are told that a survey started, and that it ended, signed', async () => {
    await until(() => (chat.received.length >= 2 ? true : undefined));
    expect(chat.received).toHaveLength(2);
    expect(typesOf(chat.received)).toEqual(new Set(['surveyor.run-started.v1', 'surveyor.run-settled.v1']));
    for (const { body, headers } of chat.received) {
      const signed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      expect(new Verifier(key).verify(body, signed)).toMatchObject({
        specversion: '1.0',
        id: headers['webhook-id'],
        source: '/surveyor/tenants/local',
        subject: `tenants/local/runs/${run}`,
        data: { run_id: run, attempt: 1, s3_prefix: 'reports/shop' },
      });
    }
    const settled = chat.received.map(({ body }) => JSON.parse(body)).find(({ type }) => type.includes('settled'));
    expect(settled.data).toMatchObject({
      status: 'succeeded',
      reports: [{ agent: 'cataloging' }, { agent: 'summary' }],
    });
  });

  it('show what was delivered to them', async () => {
    const { deliveries } = await until(async () => {
      const page = await api.listDeliveries({ name: 'chat' });
      return page.deliveries.every((one) => one.status === 'delivered') ? page : undefined;
    });
    expect(deliveries).toHaveLength(2);
    for (const { message, tries } of deliveries) {
      expect(message.data.run_id).toBe(run);
      expect(tries).toMatchObject([{ outcome: 'accepted', status: 204 }]);
    }
  });

  it('that answer 500 get it again, under the same id', { timeout: 200_000 }, async () => {
    const first = await until(async () => {
      const [delivery] = (await api.listDeliveries({ name: 'broken' })).deliveries;
      return delivery?.tries.length === 1 ? delivery : undefined;
    });
    expect(first).toMatchObject({ status: 'pending', tried: 1, tries: [{ outcome: 'answered', status: 500 }] });
    const wait = Date.parse(first.next_at ?? '') - Date.parse(first.tries[0]?.at ?? '');
    expect(wait / 60_000).toBeCloseTo(1, 0);
    expect(JSON.stringify(first)).not.toContain('out of order');
    status = 204;
    await api.retryDelivery({ name: 'broken', message_id: first.message.id });
    const then = await until(async () => {
      const [delivery] = (await api.listDeliveries({ name: 'broken' })).deliveries;
      return delivery?.status === 'delivered' ? delivery : undefined;
    });
    expect(then.tries).toMatchObject([{ status: 500 }, { outcome: 'accepted', status: 204 }]);
    expect(broken.received.map(({ headers }) => headers['webhook-id'])).toEqual([first.message.id, first.message.id]);
    expect(broken.received[0]?.body).toBe(broken.received[1]?.body);
  });

  it('are told nothing of another tenant, and show it nothing', async () => {
    const other = await asked({ tenant: 'yet-another' });
    const notFound = { kind: 'NOT_FOUND' };
    expect(await other.listWebhooks()).toEqual({ webhooks: [] });
    await expect(other.getWebhook({ name: 'chat' })).rejects.toMatchObject(notFound);
    await expect(other.listDeliveries({ name: 'chat' })).rejects.toMatchObject(notFound);
    const message_id = (await api.listDeliveries({ name: 'chat' })).deliveries[0]?.message.id ?? '';
    await expect(other.retryDelivery({ name: 'chat', message_id })).rejects.toMatchObject(notFound);
    await expect(other.changeWebhook({ name: 'chat', rotate_key: true })).rejects.toMatchObject(notFound);
    await expect(other.deleteWebhook({ name: 'chat' })).rejects.toMatchObject(notFound);
    // It has one of the same name, which was there when the run began and ended.
    expect(foreign.received).toEqual([]);
  });

  it('are nothing for a key that is limited to prefixes', async () => {
    const limited = await asked({ prefixes: ['reports/shop'] });
    await expect(limited.listWebhooks()).rejects.toMatchObject({ kind: 'FORBIDDEN' });
    await expect(limited.listDeliveries({ name: 'chat' })).rejects.toMatchObject({ kind: 'FORBIDDEN' });
  });

  it('lead to no private network but the one that the operator has opened', async () => {
    for (const url of ['https://127.0.0.2/', 'https://10.0.0.1/', 'https://169.254.169.254/', 'https://[::1]/'])
      await expect(api.createWebhook({ name: 'inside', url })).rejects.toMatchObject({
        kind: 'INVALID_REQUEST',
        where: 'body.url',
      });
  });

  it('are gone once they are removed', async () => {
    expect(await api.deleteWebhook({ name: 'chat' })).toMatchObject({
      url: `https://127.0.0.1:${chat.port}/in?token=…`,
    });
    await expect(api.listDeliveries({ name: 'chat' })).rejects.toMatchObject({ kind: 'NOT_FOUND' });
  });
});
