import { asNewerVersion } from '../support/as-newer-version.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ulid } from 'ulid';
import { type OpenStores, openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { type SendResult, Delivery } from '../../src/contracts/delivery.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { measuredLines } from '../../src/contracts/measured-lines.ts';
import type { Message } from '../../src/contracts/message.ts';
import { Webhook } from '../../src/contracts/webhook.ts';
import { messagesOfChange } from '../../src/domain/messages/messages-of-change.ts';
import { deliverMessages } from '../../src/use-cases/deliver-messages.ts';
import { publishMessage } from '../../src/use-cases/publish-message.ts';
import { freshTenant, sampleActor, sampleRun } from '../contracts/stores/samples.ts';

const minute = 60_000;

describe('publishing and delivering', () => {
  let folder: string;
  let stores: readonly [OpenStores, OpenStores];
  let tenant: string;
  let now: number;
  let posted: string[];
  let answer: () => Promise<SendResult>;
  let sent: unknown[];
  let logged: unknown[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-deliver-'));
    const open = () => openSqliteStores(join(folder, 'store.sqlite'));
    stores = [open(), open()];
    tenant = freshTenant();
    now = Date.parse('2026-01-31T12:00:00.000Z');
    posted = [];
    sent = [];
    logged = [];
    answer = async () => ({ outcome: 'accepted', status: 204 });
  });
  afterEach(() => {
    for (const one of stores) one.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ports = (own: OpenStores = stores[0]) => {
    const say = (line: string, fields?: unknown) => void logged.push([line, fields]);
    const log = { debug() {}, info() {}, warn: say, error: say, with: () => log };
    const secret = JSON.stringify({ url: 'https://hooks.example/', signing_key: `whsec_${'A'.repeat(43)}=` });
    return {
      ...own,
      log,
      clock: { now: () => new Date(now), newRunId: () => ulid() },
      webhookSecrets: { get: async () => secret },
      webhookSender: {
        post: async ({ headers }: { readonly headers: Readonly<Record<string, string>> }) => {
          posted.push(headers['webhook-id'] ?? '');
          return answer();
        },
      },
      bus: { put: async () => undefined },
      functions: { send: async (_task: unknown, input: unknown) => void sent.push(input) },
    };
  };
  const webhook = async (name: string, changes: Partial<Webhook> = {}): Promise<void> => {
    const created_at = new Date(now).toISOString();
    await stores[0].webhooks.create({
      tenant,
      name,
      shown_url: 'https://hooks.example/',
      types: ['run-started', 'run-settled'],
      paused: false,
      secret: `_webhooks/${name}/1`,
      created_at,
      created_by: sampleActor,
      changed_at: created_at,
      revision: 1,
      ...changes,
    });
  };
  const publish = async (): Promise<Message> => {
    const [message] = messagesOfChange(undefined, sampleRun(tenant));
    if (message === undefined) throw new Error('a new run is told of');
    await publishMessage(ports(), message);
    return message;
  };
  const owedTo = async (name: string) =>
    (await stores[0].deliveries.list(tenant, `webhook/${name}`, { limit: 100 })).items;

  it('owes a message to the webhooks of its tenant that name its type and are not paused, once however often it is published', async () => {
    await webhook('all');
    await webhook('ends', { types: ['run-settled'] });
    await webhook('off', { paused: true });
    const message = await publish();
    await publishMessage(ports(), message);
    expect(await Promise.all(['all', 'ends', 'off'].map(owedTo))).toMatchObject([[{ message, tried: 0 }], [], []]);
    expect(sent).toEqual([{ deliveries: [{ tenant, consumer: 'webhook/all', message_id: message.id }] }]);
  });

  it('owes webhooks nothing of a run that is no survey, which stays on the bus', async () => {
    await webhook('all');
    const [message] = messagesOfChange(
      undefined,
      sampleRun(tenant, { chain: { name: 'connection-test', version: 1 }, publish: undefined }),
    );
    if (message === undefined) throw new Error('a new run is told of');
    const put: (readonly Message[])[] = [];
    await publishMessage(
      { ...ports(), bus: { put: async (messages: readonly Message[]) => void put.push(messages) } },
      message,
    );
    expect(put).toEqual([[message]]);
    expect(await owedTo('all')).toEqual([]);
    expect(sent).toEqual([]);
  });

  it('sends each try once where two services deliver at once, all that is due and what is named', async () => {
    await webhook('all');
    const messages: Message[] = [];
    for (let count = 0; count < 60; count += 1) messages.push(await publish());
    answer = async () => {
      await sleep(Math.random() * 3);
      return { outcome: 'accepted', status: 200 };
    };
    const deliveries = messages.map(({ id }) => ({ tenant, consumer: 'webhook/all', message_id: id }));
    const made = await Promise.all([
      ...stores.map(async (own) => deliverMessages(ports(own), {})),
      deliverMessages(ports(stores[1]), { deliveries }),
    ]);
    expect(made.reduce((all, { delivered }) => all + delivered, 0)).toBe(60);
    expect(posted.toSorted()).toEqual(messages.map(({ id }) => id).toSorted());
  });

  it('owes a message to the other webhooks where one cannot be read, and tells of that one as of a message given up', async () => {
    await webhook('good');
    await asNewerVersion(Webhook, () => webhook('bad', { of_a_newer_version: true } as never));
    const { id } = await publish();
    expect(await owedTo('good')).toMatchObject([{ tried: 0 }]);
    const told = { tenant, consumer: 'webhook/bad', message_id: id };
    expect(logged).toEqual([[measuredLines.deliveryFailed, expect.objectContaining(told)]]);
  });

  it('tries the others where a delivery cannot be read, tells of it, and does not meet it again at once', async () => {
    await webhook('all');
    const { id } = await publish();
    const [readable] = await owedTo('all');
    if (readable === undefined) throw new Error('one is owed');
    const newer = { ...readable, consumer: 'webhook/bad', of_a_newer_version: true };
    await asNewerVersion(Delivery, () => stores[0].deliveries.add(newer));
    expect(await deliverMessages(ports(), {})).toEqual({ delivered: 1, failed: 0, again: 0 });
    const told = { tenant, consumer: 'webhook/bad', message_id: id };
    expect(logged).toEqual([[measuredLines.deliveryFailed, expect.objectContaining(told)]]);
    now += minute;
    await deliverMessages(ports(), {});
    expect(logged).toHaveLength(1);
    now += 60 * minute;
    await deliverMessages(ports(), {});
    expect(logged).toHaveLength(2);
  });

  it('is meant for the webhook that there was, whatever the clock said when that was made', async () => {
    await webhook('ahead', { created_at: new Date(now + 60 * minute).toISOString() });
    await publish();
    expect(await deliverMessages(ports(), {})).toEqual({ delivered: 1, failed: 0, again: 0 });
  });

  it('has no more than sixteen under way, and four of a webhook, however many messages are published at once', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `w${index}`);
    for (const name of names) await webhook(name);
    for (let count = 0; count < 10; count += 1) await publish();
    let [open, most] = [0, 0];
    answer = async () => {
      open += 1;
      most = Math.max(most, open);
      await sleep(2);
      open -= 1;
      return { outcome: 'accepted', status: 200 };
    };
    const inputs = sent as readonly Parameters<typeof deliverMessages>[1][];
    const made = await Promise.all(inputs.map((input) => deliverMessages(ports(), input)));
    expect(made.reduce((all, { delivered }) => all + delivered, 0)).toBe(100);
    expect(most).toBe(16);
  });

  it('loses what is owed, and all but ten of what is done, to no clock that runs a month ahead', async () => {
    await webhook('all');
    for (let count = 0; count < 30; count += 1) await publish();
    await deliverMessages(ports(), {});
    await publish();
    now += 31 * 24 * 60 * minute;
    await publish();
    const kept = await owedTo('all');
    expect(kept.filter(({ status }) => status === 'delivered')).toHaveLength(20);
    expect(kept.filter(({ status }) => status === 'pending')).toHaveLength(2);
  });

  it('tries for twenty-four hours under one id, then gives up and keeps what came of it', async () => {
    await webhook('all');
    const { id } = await publish();
    answer = async () => ({ outcome: 'answered', status: 500 });
    const times: number[] = [];
    const start = now;
    for (; now - start <= 26 * 60 * minute; now += minute) {
      const { again, failed } = await deliverMessages(ports(), {});
      if (again + failed > 0) times.push((now - start) / minute);
    }
    expect(times).toEqual([0, 1, 6, 21, 51, 111, 231, 471, 831, 1_440]);
    expect(new Set(posted)).toEqual(new Set([id]));
    expect(await owedTo('all')).toMatchObject([
      { status: 'failed', tried: 10, tries: Array.from({ length: 10 }, () => ({ outcome: 'answered' })) },
    ]);
    answer = async () => ({ outcome: 'accepted', status: 200 });
    const asked = { now: new Date(now).toISOString(), until: new Date(now + minute).toISOString() };
    await stores[0].deliveries.retry({ tenant, consumer: 'webhook/all', message_id: id }, asked);
    expect(await deliverMessages(ports(), {})).toEqual({ delivered: 1, failed: 0, again: 0 });
  });

  it('counts what fails on our side as a try, and lets a claim lapse of whoever died in the middle of one', async () => {
    await webhook('all');
    await publish();
    answer = async () => {
      throw new Failure('STORAGE_FAILED', 'The secret of the webhook cannot be read.');
    };
    expect(await deliverMessages(ports(), {})).toEqual({ delivered: 0, failed: 0, again: 1 });
    expect(await owedTo('all')).toMatchObject([{ tries: [{ outcome: 'unreachable' }] }]);
    now += minute;
    answer = () => new Promise(() => undefined);
    void deliverMessages(ports(), {});
    await sleep(50);
    answer = async () => ({ outcome: 'accepted', status: 200 });
    expect(await deliverMessages(ports(stores[1]), {})).toEqual({ delivered: 0, failed: 0, again: 0 });
    now += minute;
    expect(await deliverMessages(ports(stores[1]), {})).toEqual({ delivered: 1, failed: 0, again: 0 });
  });
});
