import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ApiClient } from '../../src/contracts/client.ts';
import { findMiniStack } from '../adapters/aws/ministack.ts';
import { leaveOut } from '../support/is-missing.ts';
import { createCertificate, startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { type AwsPlatform, startAwsPlatform } from './platform/aws-platform.ts';
import { readSynthesis } from './platform/synthesize.ts';

const found = await findMiniStack();

// The table's stream, the function that publishes, the bus, the function that delivers, a receiver of this machine.
describe.skipIf('missing' in found && leaveOut('emulator', found.missing))('a webhook of the deployed stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-aws-'));
  let aws: AwsPlatform;
  let api: ApiClient;
  let receiver: WebhookReceiver;
  let isUp = true;

  beforeAll(async () => {
    if ('missing' in found) return;
    const certificate = await createCertificate(['127.0.0.1']);
    receiver = await startWebhookReceiver(certificate, (response) => response.writeHead(isUp ? 204 : 503).end());
    const file = join(folder, 'receiver.pem');
    writeFileSync(file, certificate.cert);
    aws = await startAwsPlatform(found.python, readSynthesis(inject('synthesisFolder')), {
      // What an operator sets whose receivers stand in the own network, with certificates of the own authority.
      environment: { SURVEYOR_WEBHOOK_NETWORKS: '127.0.0.0/8', NODE_EXTRA_CA_CERTS: file },
      keepPermissions: inject('synthesisFolder'),
    });
    api = await aws.apiOf('acme');
  }, 300_000);
  afterAll(async () => {
    await aws?.stop();
    await receiver?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => {
    isUp = true;
    aws.functions.ahead = 0;
  });

  const add = (name: string) => api.createWebhook({ name, url: `https://127.0.0.1:${receiver.port}/${name}` });
  const survey = async (): Promise<string> => {
    const { run_id } = await api.createCatalog({ dataset: 'support', s3_prefix: 'told' });
    expect(await aws.ended(api, run_id, 240)).toMatchObject({ status: 'succeeded' });
    return run_id;
  };
  const deliveries = async (name: string) => (await api.listDeliveries({ name })).deliveries;
  const outcomes = async (name: string) =>
    (await deliveries(name)).map(({ status, tries }) => [status, ...tries.map(({ outcome }) => outcome)]);

  it('is told of the start and of the end of a run, once, under a signature', { timeout: 300_000 }, async () => {
    const { signing_key = '' } = await add('chat');
    const runId = await survey();
    await expect
      .poll(() => outcomes('chat'), { timeout: 60_000 })
      .toEqual([
        ['delivered', 'accepted'],
        ['delivered', 'accepted'],
      ]);
    const events = receiver.received.map(
      ({ body, headers }) =>
        new Webhook(signing_key).verify(body, headers as Record<string, string>) as Readonly<Record<string, unknown>>,
    );
    expect(events).toHaveLength(2);
    expect(events.toSorted((a, b) => String(b['type']).localeCompare(String(a['type'])))).toMatchObject([
      { specversion: '1.0', subject: `tenants/acme/runs/${runId}`, data: { run_id: runId, status: 'running' } },
      { specversion: '1.0', subject: `tenants/acme/runs/${runId}`, data: { run_id: runId, status: 'succeeded' } },
    ]);
    const put = aws.door.calls.filter(
      ({ operation, caller }) => operation === 'PutEvents' && caller.endsWith('publish-messages'),
    );
    expect(put.map(({ status }) => status)).toEqual(put.map(() => 200));
    expect(put.length).toBeGreaterThan(0);
    await api.deleteWebhook({ name: 'chat' });
  });

  it('is told later where its receiver was away', { timeout: 300_000 }, async () => {
    await add('late');
    isUp = false;
    await survey();
    await expect
      .poll(() => outcomes('late'), { timeout: 60_000 })
      .toEqual([
        ['pending', 'answered'],
        ['pending', 'answered'],
      ]);
    isUp = true;
    aws.functions.ahead = 3_600_000;
    await aws.events.tick('deliver-messages');
    await expect
      .poll(() => outcomes('late'), { timeout: 60_000 })
      .toEqual([
        ['delivered', 'answered', 'accepted'],
        ['delivered', 'answered', 'accepted'],
      ]);
    const before = receiver.received.length;
    const [first] = await deliveries('late');
    await api.retryDelivery({ name: 'late', message_id: first?.message.id ?? '' });
    await aws.events.tick('deliver-messages');
    await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBe(before + 1);
    await api.changeWebhook({ name: 'late', rotate_key: true });
    expect((await api.listWebhooks()).webhooks.map(({ name }) => name)).toEqual(['late']);
    await api.deleteWebhook({ name: 'late' });
    await expect(api.getWebhook({ name: 'late' })).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    expect(await aws.refusedCalls()).toEqual([]);
  });
});
