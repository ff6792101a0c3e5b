import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { Webhook as Verifier } from 'standardwebhooks';
import { httpsWebhookSender } from '../../src/adapters/https-webhook-sender.ts';
import { type FileSecretStore, fileSecretStore } from '../../src/adapters/local/file-secret-store.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { WebhookRequest } from '../../src/contracts/webhook.ts';
import { messagesOfChange } from '../../src/domain/messages/messages-of-change.ts';
import { createWebhook } from '../../src/use-cases/create-webhook.ts';
import { deliverMessages } from '../../src/use-cases/deliver-messages.ts';
import { listDeliveries } from '../../src/use-cases/list-deliveries.ts';
import { retryDelivery } from '../../src/use-cases/retry-delivery.ts';
import { freshTenant, sampleCaller, sampleRun } from '../contracts/stores/samples.ts';
import { createCertificate, startWebhookReceiver, trust, type WebhookReceiver } from '../support/webhook-receiver.ts';

const minute = 60_000;
const started = Date.UTC(2026, 0, 31, 12);

describe('a receiver that fails for a day', () => {
  let certificate: Awaited<ReturnType<typeof createCertificate>>;
  let distrust: () => void;
  let folder: string;
  let stores: ReturnType<typeof openSqliteStores>;
  let secrets: FileSecretStore;
  let receiver: WebhookReceiver;
  let status: number;
  let tenant: string;
  let key: string;
  let message_id: string;

  beforeAll(async () => {
    certificate = await createCertificate(['127.0.0.1']);
    distrust = trust(certificate.cert);
  });
  afterAll(() => distrust());

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-deliver-'));
    stores = openSqliteStores(join(folder, 'store.sqlite'));
    secrets = fileSecretStore({ dataFile: join(folder, 'secrets.sqlite'), keyFile: join(folder, 'key') });
    status = 500;
    receiver = await startWebhookReceiver(certificate, (response) => response.writeHead(status).end());
    // Sockets and their timers run on; what time it is, the test says.
    vi.useFakeTimers({ toFake: ['Date'], now: started });
    tenant = freshTenant();
    const request = WebhookRequest.parse({ name: 'chat', url: `https://127.0.0.1:${receiver.port}/` });
    key = (await createWebhook(ports(), sampleCaller(tenant), request)).signing_key ?? '';
    const [message] = messagesOfChange(undefined, sampleRun(tenant, { created_at: new Date().toISOString() }));
    if (message === undefined) throw new Error('a new run is told of');
    message_id = message.id;
    const at = new Date().toISOString();
    const owed = { tenant, consumer: 'webhook/chat', message, status: 'pending', tries: [], tried: 0 } as const;
    await stores.deliveries.add({ ...owed, next_at: at, created_at: at });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await receiver.close();
    stores.close();
    secrets.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ports = () => {
    const log = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };
    const webhookSender = httpsWebhookSender({ networks: ['127.0.0.1/32'] });
    const clock = { now: () => new Date(), newRunId: () => ulid() };
    return { ...stores, webhookSecrets: secrets, webhookSender, clock, log };
  };
  /** Lets so many minutes pass, and has what is due delivered at each. */
  const pass = async (minutes: number): Promise<void> => {
    for (let passed = 0; passed < minutes; passed += 1) {
      vi.setSystemTime(Date.now() + minute);
      await deliverMessages(ports(), {});
    }
  };
  const shown = async () => (await listDeliveries(ports(), tenant, 'chat', { limit: 20 })).deliveries;
  const headersOf = (index: number): Record<string, string> =>
    Object.fromEntries(
      Object.entries(receiver.received[index]?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );

  it('gets the message ten times, longer and longer apart, each signed anew; then it is kept and shown', async () => {
    await deliverMessages(ports(), {});
    expect(new Verifier(key).verify(receiver.received[0]?.body ?? '', headersOf(0))).toMatchObject({ id: message_id });
    await pass(24 * 60 - 1);
    expect(receiver.received).toHaveLength(9);
    expect(await shown()).toMatchObject([{ status: 'pending', tried: 9 }]);
    await pass(1);
    // The tenth, a day after the first, holds to a verifier of that moment; the ninth, replayed then, does not.
    expect(receiver.received).toHaveLength(10);
    const body = receiver.received[9]?.body ?? '';
    expect(new Verifier(key).verify(body, headersOf(9))).toMatchObject({ id: message_id });
    expect(() => new Verifier(key).verify(body, headersOf(8))).toThrow('too old');
    const seconds = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']) - started / 1_000);
    expect(seconds.map((second) => second / 60)).toEqual([0, 1, 6, 21, 51, 111, 231, 471, 831, 1440]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([message_id]));

    await pass(12 * 60);
    expect(receiver.received).toHaveLength(10);
    const [kept] = await shown();
    expect(kept).toMatchObject({ status: 'failed', tried: 10, message: { id: message_id } });
    expect(kept?.tries).toHaveLength(10);
    expect(new Set(kept?.tries.map(({ outcome, status: answered }) => `${outcome} ${answered}`))).toEqual(
      new Set(['answered 500']),
    );
    expect(kept).not.toHaveProperty('next_at');
  });

  it('gets it once more when somebody asks, with its tries before it', async () => {
    await deliverMessages(ports(), {});
    await pass(24 * 60);
    status = 204;
    expect(await retryDelivery(ports(), tenant, { name: 'chat', message_id })).toMatchObject({ status: 'pending' });
    await pass(1);
    const [delivered] = await shown();
    expect(delivered).toMatchObject({ status: 'delivered' });
    expect(delivered?.tries).toHaveLength(11);
    expect(delivered?.tries.at(-1)).toMatchObject({ outcome: 'accepted', status: 204 });
    await pass(24 * 60);
    expect(receiver.received).toHaveLength(11);
  });

  it('gets it no more once it takes it', async () => {
    await deliverMessages(ports(), {});
    status = 202;
    await pass(24 * 60);
    expect(receiver.received).toHaveLength(2);
    expect(await shown()).toMatchObject([{ status: 'delivered', tries: [{ status: 500 }, { status: 202 }] }]);
  });

  it('gets it when it is there again', async () => {
    await receiver.close();
    await deliverMessages(ports(), {});
    const [away] = await shown();
    expect(away?.tries).toMatchObject([{ outcome: 'unreachable', reason: expect.stringContaining('ECONNREFUSED') }]);
    status = 204;
    receiver = await startWebhookReceiver(certificate, (response) => response.writeHead(status).end(), {
      port: receiver.port,
    });
    await pass(1);
    expect(await shown()).toMatchObject([{ status: 'delivered', tried: 2 }]);
  });
});
