import { asNewerVersion } from '../support/as-newer-version.ts';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Webhook as Verifier } from 'standardwebhooks';
import { httpsWebhookSender } from '../../src/adapters/https-webhook-sender.ts';
import { type FileSecretStore, fileSecretStore } from '../../src/adapters/local/file-secret-store.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { Delivery } from '../../src/contracts/delivery.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { maxWebhooks, WebhookRequest } from '../../src/contracts/webhook.ts';
import { messagesOfChange } from '../../src/domain/messages/messages-of-change.ts';
import type { WebhookPost } from '../../src/ports/webhook-sender.ts';
import { changeWebhook } from '../../src/use-cases/change-webhook.ts';
import { createWebhook } from '../../src/use-cases/create-webhook.ts';
import { deleteWebhook } from '../../src/use-cases/delete-webhook.ts';
import { getWebhook } from '../../src/use-cases/get-webhook.ts';
import { listDeliveries } from '../../src/use-cases/list-deliveries.ts';
import { listWebhooks } from '../../src/use-cases/list-webhooks.ts';
import { retryDelivery } from '../../src/use-cases/retry-delivery.ts';
import { sendToWebhook } from '../../src/use-cases/send-to-webhook.ts';
import { sweepSecrets } from '../../src/use-cases/sweep-secrets.ts';
import { at, freshTenant, sampleCaller, sampleRun } from '../contracts/stores/samples.ts';

const url = 'https://hooks.example/surveyor?key=hunter2';
const hour = 3_600_000;

describe('webhooks', () => {
  let folder: string;
  let tenant: string;
  let stores: ReturnType<typeof openSqliteStores>;
  let secrets: FileSecretStore;
  let logged: string[];
  let posted: WebhookPost[];
  let now: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-webhooks-'));
    stores = openSqliteStores(join(folder, 'store.sqlite'));
    secrets = fileSecretStore({ dataFile: join(folder, 'secrets.sqlite'), keyFile: join(folder, 'key') });
    tenant = freshTenant();
    logged = [];
    posted = [];
    now = Date.now();
  });
  afterEach(() => {
    stores.close();
    secrets.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ports = () => {
    const say = (message: string, fields?: unknown) => void logged.push(JSON.stringify([message, fields]));
    const log = { debug: say, info: say, warn: say, error: say, with: () => log };
    return {
      ...stores,
      secrets,
      webhookSecrets: secrets,
      webhookSender: {
        ...httpsWebhookSender({ networks: [] }),
        post: async (request: WebhookPost) => {
          posted.push(request);
          return { outcome: 'accepted' as const, status: 204 };
        },
      },
      clock: { now: () => new Date(now), newRunId: () => '01JD3Y6M9Q4T8V2X5Z7B1C3D4E' },
      log,
    };
  };
  const create = async (changes: Partial<WebhookRequest> = {}) =>
    createWebhook(ports(), sampleCaller(tenant), WebhookRequest.parse({ name: 'chat', url, ...changes }));
  const change = async (changes: Parameters<typeof changeWebhook>[3]) =>
    changeWebhook(ports(), sampleCaller(tenant), 'chat', changes);
  const keptSecrets = async () => (await secrets.list()).map(({ name }) => name);
  const delivery = (changes: Partial<Delivery> = {}): Delivery => {
    const [message] = messagesOfChange(undefined, sampleRun(tenant));
    if (message === undefined) throw new Error('a new run is told of');
    const at = new Date(now).toISOString();
    return {
      tenant,
      consumer: 'webhook/chat',
      message,
      status: 'pending',
      tries: [],
      tried: 0,
      next_at: at,
      created_at: at,
      ...changes,
    };
  };
  const send = async () => {
    const sent = await sendToWebhook(ports(), delivery());
    return { sent, post: posted.at(-1) };
  };
  const isSignedWith = (post: WebhookPost | undefined, key: string | undefined): boolean => {
    try {
      new Verifier(key ?? '').verify(post?.body ?? '', { ...post?.headers });
      return true;
    } catch {
      return false;
    }
  };

  it('show their key once, and the values of their query never', async () => {
    const made = await create();
    expect(made).toMatchObject({
      name: 'chat',
      url: 'https://hooks.example/surveyor?key=…',
      revision: 1,
      paused: false,
    });
    expect(made.signing_key).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { signing_key, ...shown } = made;
    expect(await getWebhook(ports(), tenant, 'chat')).toEqual(shown);
    expect(await listWebhooks(ports(), tenant, { limit: 20 })).toEqual({ webhooks: [shown] });
    // Neither on the disk, as somebody would read it who copied it, nor in the log.
    const disk = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join('\n');
    for (const text of [disk, ...logged]) {
      expect(text).not.toContain('hunter2');
      expect(text).not.toContain(signing_key);
    }
  });

  it.each([
    ['http', 'http://hooks.example/'],
    ['a user', 'https://user@hooks.example/'],
    ['a password', 'https://:pass@hooks.example/'],
    ['a fragment', 'https://hooks.example/#part'],
    ['no URL', 'hooks.example/in'],
  ])('take no URL with %s', (_, wrong) => {
    expect(WebhookRequest.safeParse({ name: 'chat', url: wrong }).success).toBe(false);
  });

  it.each([
    'https://127.0.0.1/',
    'https://169.254.169.254/latest',
    'https://2130706433/',
    'https://[::ffff:10.0.0.1]/',
  ])('take no private address: %s', async (wrong) => {
    const refused = { kind: 'INVALID_REQUEST', where: 'body.url', message: expect.stringContaining('open internet') };
    await expect(create({ url: wrong })).rejects.toMatchObject(refused);
    expect((await listWebhooks(ports(), tenant, { limit: 20 })).webhooks).toEqual([]);
    await create();
    await expect(change({ url: wrong })).rejects.toMatchObject(refused);
  });

  it('send a CloudEvent that is signed now, and says nothing of the key', async () => {
    const { signing_key } = await create();
    const { sent, post } = await send();
    expect(sent).toEqual({ outcome: 'accepted', status: 204 });
    expect(post).toMatchObject({ url, headers: { 'content-type': 'application/cloudevents+json' } });
    expect(isSignedWith(post, signing_key)).toBe(true);
    const event = JSON.parse(post?.body ?? '') as Readonly<Record<string, unknown>>;
    expect(event).toMatchObject({
      specversion: '1.0',
      id: post?.headers['webhook-id'],
      source: `/surveyor/tenants/${tenant}`,
      type: 'surveyor.run-started.v1',
      time: at(0),
      data: { status: 'running', s3_prefix: 'reports/shop' },
    });
  });

  it('sign anew at every try, under the same id', async () => {
    const { signing_key } = await create();
    const owed = delivery();
    now -= 23 * hour;
    await sendToWebhook(ports(), owed);
    now += 23 * hour;
    await sendToWebhook(ports(), owed);
    const [early, late] = posted;
    expect(early?.headers['webhook-id']).toBe(late?.headers['webhook-id']);
    expect(early?.body).toBe(late?.body);
    // The one of 23 hours ago, replayed, is too old to a verifier.
    expect([isSignedWith(early, signing_key), isSignedWith(late, signing_key)]).toEqual([false, true]);
  });

  it('sign with the key before and with the new one for a day, and then with the new one alone', async () => {
    const before = await create();
    const after = await change({ rotate_key: true });
    expect(after.signing_key).not.toBe(before.signing_key);
    expect(after).toMatchObject({ old_key_until: new Date(now + 24 * hour).toISOString(), url: before.url });
    const { post } = await send();
    expect([isSignedWith(post, before.signing_key), isSignedWith(post, after.signing_key)]).toEqual([true, true]);
    // A verifier looks at its own clock; the headers have two signatures, then one.
    expect(post?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    now += 24 * hour;
    expect((await send()).post?.headers['webhook-signature']?.split(' ')).toHaveLength(1);
    expect(await getWebhook(ports(), tenant, 'chat')).not.toHaveProperty('old_key_until');
    // What signs no more is swept; what does is not.
    const inTwoMinutes = new Date(now + 120_000);
    expect(await sweepSecrets(ports(), inTwoMinutes)).toBe(1);
    expect(await keptSecrets()).toEqual([(await stores.webhooks.get(tenant, 'chat'))?.secret]);
  });

  it('keep their secrets from the sweeper while they need them, and leave none behind', async () => {
    await create();
    await change({ rotate_key: true });
    expect(await sweepSecrets(ports(), new Date(now + 1_000))).toBe(0);
    expect(await keptSecrets()).toHaveLength(2);
    await change({ rotate_key: true });
    expect(await keptSecrets()).toHaveLength(2);
    await change({ url: 'https://elsewhere.example/in' });
    expect(await keptSecrets()).toHaveLength(2);
    await deleteWebhook(ports(), tenant, 'chat');
    expect(await keptSecrets()).toEqual([]);
  });

  it('keep their key where another URL takes its place', async () => {
    const { signing_key } = await create();
    expect(await change({ url: 'https://elsewhere.example/in?a=b' })).toEqual({
      ...(await getWebhook(ports(), tenant, 'chat')),
      url: 'https://elsewhere.example/in?a=…',
      revision: 2,
    });
    const { post } = await send();
    expect(post?.url).toBe('https://elsewhere.example/in?a=b');
    expect(isSignedWith(post, signing_key)).toBe(true);
  });

  it('send nothing while they are paused, and go on afterwards', async () => {
    await create();
    await change({ paused: true, types: ['run-settled'] });
    expect((await send()).sent).toMatchObject({ outcome: 'refused', reason: 'The webhook is paused.' });
    expect(posted).toEqual([]);
    await change({ paused: false });
    expect((await send()).sent).toMatchObject({ outcome: 'accepted' });
    expect((await getWebhook(ports(), tenant, 'chat')).types).toEqual(['run-settled']);
  });

  it('are gone to what was meant for them before: removed, made again, another tenant’s', async () => {
    expect(await sendToWebhook(ports(), delivery())).toMatchObject({ outcome: 'gone' });
    const { created_at } = await create();
    const owed = delivery({ consumer_made_at: created_at });
    await deleteWebhook(ports(), tenant, 'chat');
    now += 1_000;
    await create();
    expect(await sendToWebhook(ports(), owed)).toMatchObject({ outcome: 'gone' });
    expect(await sendToWebhook(ports(), { ...delivery(), tenant: freshTenant() })).toMatchObject({ outcome: 'gone' });
    expect(posted).toEqual([]);
  });

  it(`are ${maxWebhooks} at the most, also where several are made at once`, async () => {
    const names = Array.from({ length: maxWebhooks - 1 }, (_, index) => `chat-${index}`);
    for (const name of names) await create({ name });
    const last = await Promise.allSettled(['a', 'b', 'c'].map((name) => create({ name })));
    expect(last.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
    await create({ name: 'z' }).catch(() => undefined);
    await expect(create({ name: 'one-more' })).rejects.toMatchObject({
      kind: 'CONFLICT',
      advice: { kind: 'see_webhooks' },
    });
    expect((await listWebhooks(ports(), tenant, { limit: 100 })).webhooks).toHaveLength(maxWebhooks);
    expect(await keptSecrets()).toHaveLength(maxWebhooks);
    // Another tenant has room of its own.
    tenant = freshTenant();
    await create();
  });

  it('are not changed by one who was too late, and keep no secret of theirs', async () => {
    await create();
    const outcomes = await Promise.allSettled([change({ rotate_key: true }), change({ rotate_key: true })]);
    const late = outcomes.filter(({ status }) => status === 'rejected');
    expect(late).toMatchObject([{ reason: { kind: 'CONFLICT', advice: { kind: 'see_webhook', webhook: 'chat' } } }]);
    expect(await keptSecrets()).toHaveLength(2);
  });

  it('are not there where their secret could not be kept', async () => {
    const put = async () => {
      throw new Failure('STORAGE_FAILED', 'The disk is full.');
    };
    const request = WebhookRequest.parse({ name: 'chat', url });
    await expect(
      createWebhook({ ...ports(), webhookSecrets: { ...secrets, put } }, sampleCaller(tenant), request),
    ).rejects.toMatchObject({ kind: 'STORAGE_FAILED' });
    await expect(getWebhook(ports(), tenant, 'chat')).rejects.toMatchObject({ kind: 'NOT_FOUND' });
  });

  it('that a crash left without a secret say so, and get one with another URL', async () => {
    await create();
    for (const { name } of await secrets.list()) await secrets.delete(tenant, name);
    expect((await send()).sent).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('change its url'),
    });
    await expect(change({ rotate_key: true })).rejects.toMatchObject({ kind: 'CONFLICT', where: 'body.url' });
    const { signing_key, ...shown } = await change({ url });
    expect(shown).not.toHaveProperty('old_key_until');
    expect(isSignedWith((await send()).post, signing_key)).toBe(true);
  });

  it('whose secret was sealed with a key that is lost are mended by another URL and another key at once', async () => {
    await create();
    await change({ rotate_key: true });
    secrets.close();
    rmSync(join(folder, 'key'));
    secrets = fileSecretStore({ dataFile: join(folder, 'secrets.sqlite'), keyFile: join(folder, 'key') });
    for (const alone of [{ url }, { rotate_key: true }] as const)
      await expect(change(alone)).rejects.toMatchObject({
        kind: 'CONFLICT',
        message: expect.stringContaining('Change both at once'),
      });
    const { signing_key, ...shown } = await change({ url, rotate_key: true });
    expect(shown).not.toHaveProperty('old_key_until');
    expect(isSignedWith((await send()).post, signing_key)).toBe(true);
    expect(await keptSecrets()).toHaveLength(1);
  });

  it('sign with the new key alone where the one before cannot be opened', async () => {
    await create();
    const { signing_key } = await change({ rotate_key: true });
    const old = (await stores.webhooks.get(tenant, 'chat'))?.old_key?.secret ?? '';
    await secrets.put(tenant, old, 'no JSON');
    const { sent, post } = await send();
    expect(sent).toMatchObject({ outcome: 'accepted' });
    expect(isSignedWith(post, signing_key)).toBe(true);
  });

  it('are not asked for once more while a try is under way: that is said', async () => {
    await create();
    const owed = delivery();
    await stores.deliveries.add(owed);
    const message_id = owed.message.id;
    const ref = { tenant, consumer: 'webhook/chat', message_id };
    const claim = { by: 'a', now: new Date(now).toISOString(), until: new Date(now + 60_000).toISOString() };
    await stores.deliveries.claim(ref, claim);
    const asked = async () => retryDelivery(ports(), tenant, { name: 'chat', message_id });
    await expect(asked()).rejects.toMatchObject({ kind: 'CONFLICT', where: 'path.message_id' });
    now += 60_000;
    expect(await asked()).toMatchObject({ status: 'pending', next_at: new Date(now).toISOString() });
  });

  it('show the others, and name what cannot be read', async () => {
    await create();
    const owed = delivery();
    const newer = { ...owed, of_a_newer_version: true };
    await asNewerVersion(Delivery, () => stores.deliveries.add(newer));
    const unreadable = [owed.message.id];
    expect(await listDeliveries(ports(), tenant, 'chat', { limit: 20 })).toEqual({ deliveries: [], unreadable });
  });

  it('are forgotten even where the secret store does not let go; the sweeper comes later', async () => {
    await create();
    const unable = async () => {
      throw new Failure('STORAGE_FAILED', 'The secret store is away.');
    };
    await deleteWebhook({ ...ports(), webhookSecrets: { ...secrets, delete: unable } }, tenant, 'chat');
    await expect(getWebhook(ports(), tenant, 'chat')).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    expect(logged.join()).toContain('secret not deleted');
    expect(await sweepSecrets(ports(), new Date(now + 1_000))).toBe(1);
  });

  it('show what was sent, and have it sent once more', async () => {
    await create();
    const owed = delivery({ status: 'failed', tried: 10, tries: [{ at: at(1), outcome: 'answered', status: 500 }] });
    const { next_at: _, ...failed } = owed;
    await stores.deliveries.add(failed);
    const { deliveries } = await listDeliveries(ports(), tenant, 'chat', { limit: 20 });
    expect(deliveries).toMatchObject([{ message: owed.message, status: 'failed', tries: failed.tries }]);
    expect(deliveries[0]).not.toHaveProperty('consumer');
    const message_id = owed.message.id;
    const asked = await retryDelivery(ports(), tenant, { name: 'chat', message_id });
    expect(asked).toMatchObject({
      status: 'pending',
      tried: 0,
      tries: failed.tries,
      next_at: new Date(now).toISOString(),
    });
    await expect(retryDelivery(ports(), tenant, { name: 'chat', message_id: 'another' })).rejects.toMatchObject({
      kind: 'NOT_FOUND',
      advice: { kind: 'see_deliveries', webhook: 'chat' },
    });
  });

  it('and their deliveries are not there for another tenant', async () => {
    await create();
    await stores.deliveries.add(delivery());
    const message_id = delivery().message.id;
    const other = freshTenant();
    const notFound = { kind: 'NOT_FOUND', where: 'path.name' };
    expect(await listWebhooks(ports(), other, { limit: 20 })).toEqual({ webhooks: [] });
    await expect(getWebhook(ports(), other, 'chat')).rejects.toMatchObject(notFound);
    await expect(changeWebhook(ports(), sampleCaller(other), 'chat', { paused: true })).rejects.toMatchObject(notFound);
    await expect(deleteWebhook(ports(), other, 'chat')).rejects.toMatchObject(notFound);
    await expect(listDeliveries(ports(), other, 'chat', { limit: 20 })).rejects.toMatchObject(notFound);
    await expect(retryDelivery(ports(), other, { name: 'chat', message_id })).rejects.toMatchObject(notFound);
    // A webhook of the same name shows its own tenant's alone.
    await createWebhook(ports(), sampleCaller(other), WebhookRequest.parse({ name: 'chat', url }));
    expect(await listDeliveries(ports(), other, 'chat', { limit: 20 })).toEqual({ deliveries: [] });
    expect((await listDeliveries(ports(), tenant, 'chat', { limit: 20 })).deliveries).toHaveLength(1);
  });
});
