import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ServerResponse } from 'node:http';
import type { LookupAddress } from 'node:dns';
import { httpsWebhookSender, type HttpsWebhookSenderOptions } from '../../src/adapters/https-webhook-sender.ts';
import type { WebhookSender } from '../../src/ports/webhook-sender.ts';
import { createCertificate, startWebhookReceiver, trust, type WebhookReceiver } from '../support/webhook-receiver.ts';

type Certificate = Awaited<ReturnType<typeof createCertificate>>;

/** Documented for examples: nothing answers there. */
const publicAddress: LookupAddress = { address: '93.184.215.14', family: 4 };
const at = (address: string): LookupAddress => ({ address, family: 4 });
const message = { headers: { 'content-type': 'application/json', 'webhook-id': 'm-1' }, body: '{"ü":1}' };

describe('the sender of webhooks', () => {
  let trusted: Certificate;
  let distrust: () => void;
  let open: WebhookReceiver[] = [];

  beforeAll(async () => {
    trusted = await createCertificate(['hooks.example', '127.0.0.1', '127.0.0.2']);
    distrust = trust(trusted.cert);
  });
  afterAll(() => distrust());
  afterEach(async () => {
    await Promise.all(open.map((receiver) => receiver.close()));
    open = [];
  });

  const receiver = async (
    answer: (response: ServerResponse) => void = (response) => response.writeHead(204).end(),
    place: { readonly address?: string; readonly port?: number; readonly certificate?: Certificate } = {},
  ): Promise<WebhookReceiver> => {
    const started = await startWebhookReceiver(place.certificate ?? trusted, answer, place);
    open.push(started);
    return started;
  };
  /** A sender whose names resolve to these addresses, one list a question; the last one answers all that follow. */
  const sender = (
    answers: readonly (readonly LookupAddress[])[],
    options: Partial<HttpsWebhookSenderOptions> = {},
  ): WebhookSender & { readonly asked: readonly string[] } => {
    const asked: string[] = [];
    const resolve = async (name: string) => {
      asked.push(name);
      return answers[Math.min(asked.length, answers.length) - 1] ?? [];
    };
    return { ...httpsWebhookSender({ networks: ['127.0.0.0/8'], resolve, ...options }), asked };
  };

  it('posts what it is handed, byte for byte, and says what was answered', async () => {
    const there = await receiver();
    const sent = await sender([[at('127.0.0.1')]]).post({
      ...message,
      url: `https://hooks.example:${there.port}/in?a=b`,
    });
    expect(sent).toEqual({ outcome: 'accepted', status: 204 });
    expect(there.received).toMatchObject([
      {
        body: message.body,
        headers: { ...message.headers, 'content-length': '8', 'user-agent': 'Surveyor-Webhook/1' },
      },
    ]);
  });

  it.each([500, 404, 410, 429])('tells of the answer %i, whatever it says beside', async (status) => {
    const there = await receiver((response) => response.writeHead(status).end('secret of the receiver'));
    const sent = await sender([[at('127.0.0.1')]]).post({ ...message, url: `https://hooks.example:${there.port}/` });
    expect(sent).toEqual({ outcome: 'answered', status });
  });

  describe('reaches no private address', () => {
    const closed = { networks: [] };

    it.each([
      ['as it is written', '127.0.0.1'],
      ['as one number', '2130706433'],
      ['in octal', '0177.0.0.1'],
      ['in hexadecimal', '0x7f.0.0.1'],
      ['in hexadecimal, whole', '0x7f000001'],
      ['short', '127.1'],
      ['with a dot behind', '127.0.0.1.'],
      ['in letters of full width', '１２７.０.０.１'],
      ['escaped', '%31%32%37.0.0.1'],
      ['as IPv6', '[::1]'],
      ['mapped to IPv6', '[::ffff:127.0.0.1]'],
      ['in the old IPv6 form', '[::127.0.0.1]'],
      ['through NAT64', '[64:ff9b::7f00:1]'],
      ['as the zero address', '0.0.0.0'],
      ['as the zero address of IPv6', '[::]'],
      ['of the cloud’s metadata', '169.254.169.254'],
      ['of the cloud’s metadata, as one number', '2852039166'],
      ['of the cloud’s metadata over IPv6', '[fd00:ec2::254]'],
    ])('%s: %s', async (_, host) => {
      const there = await receiver();
      const closedSender = sender([[publicAddress]], closed);
      const url = `https://${host}:${there.port}/`;
      expect(closedSender.refusal(url)).toContain('is not an address of the open internet');
      expect(await closedSender.post({ ...message, url })).toMatchObject({ outcome: 'refused' });
      expect(closedSender.asked).toEqual([]);
      expect(there.received).toEqual([]);
    });

    it.each(['10.0.0.5', '127.0.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'])(
      'that a name leads to: %s',
      async (address) => {
        const there = await receiver();
        const sent = await sender([[at(address)]], closed).post({
          ...message,
          url: `https://hooks.example:${there.port}/`,
        });
        expect(sent).toMatchObject({
          outcome: 'refused',
          reason: expect.stringContaining(`hooks.example: ${address} is not an address of the open internet`),
        });
        expect(there.received).toEqual([]);
      },
    );

    it.each(['::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1'])('that a name leads to in IPv6: %s', async (address) => {
      const sent = await sender([[{ address, family: 6 }]], closed).post({ ...message, url: 'https://hooks.example/' });
      expect(sent).toMatchObject({ outcome: 'refused' });
    });

    it('that stands beside a public one', async () => {
      const there = await receiver();
      const sent = await sender([[publicAddress, at('127.0.0.1')]], closed).post({
        ...message,
        url: `https://hooks.example:${there.port}/`,
      });
      expect(sent).toMatchObject({ outcome: 'refused' });
      expect(there.received).toEqual([]);
    });

    it('by a name that leads elsewhere when it is asked once more', async () => {
      const there = await receiver();
      const rebinding = sender([[publicAddress], [at('127.0.0.1')]], { ...closed, milliseconds: 1_000 });
      const url = `https://hooks.example:${there.port}/`;
      // The first one is connected to, where nothing answers, and nobody asks again.
      expect(await rebinding.post({ ...message, url })).toMatchObject({ outcome: 'unreachable' });
      expect(rebinding.asked).toEqual(['hooks.example']);
      // Another try asks anew, and checks anew.
      expect(await rebinding.post({ ...message, url })).toMatchObject({ outcome: 'refused' });
      expect(rebinding.asked).toHaveLength(2);
      expect(there.received).toEqual([]);
    });
  });

  it('connects to the address that was checked, and to no other that the name leads to later', async () => {
    const first = await receiver(undefined, { address: '127.0.0.2' });
    const second = await receiver(undefined, { address: '127.0.0.1', port: first.port });
    const rebinding = sender([[at('127.0.0.2')], [at('127.0.0.1')]], { networks: ['127.0.0.2/32'] });
    const url = `https://hooks.example:${first.port}/`;
    expect(await rebinding.post({ ...message, url })).toEqual({ outcome: 'accepted', status: 204 });
    expect(await rebinding.post({ ...message, url })).toMatchObject({ outcome: 'refused' });
    expect([first.received.length, second.received.length]).toEqual([1, 0]);
  });

  it.each([
    ['the metadata of the cloud', 302, () => 'https://169.254.169.254/latest/meta-data/'],
    ['the same over http, keeping the method', 307, () => 'http://169.254.169.254/latest/meta-data/'],
    ['a name that leads to a private address', 308, (port: number) => `https://inside.example:${port}/`],
    ['a private address', 301, (port: number) => `https://127.0.0.1:${port}/`],
    ['another place of the same receiver', 307, (port: number) => `https://hooks.example:${port}/elsewhere`],
  ])('follows no redirect: to %s', async (_, status, to) => {
    const inside = await receiver();
    const there = await receiver((response) => response.writeHead(status, { location: to(inside.port) }).end());
    const redirected = sender([[at('127.0.0.1')]]);
    const sent = await redirected.post({ ...message, url: `https://hooks.example:${there.port}/` });
    expect(sent).toEqual({ outcome: 'answered', status, reason: expect.stringContaining('not followed') });
    expect(redirected.asked).toEqual(['hooks.example']);
    expect([there.received.length, inside.received.length]).toEqual([1, 0]);
  });

  it.each(['http://hooks.example/', 'ftp://hooks.example/', 'file:///etc/passwd'])(
    'sends over nothing but https: %s',
    async (url) => {
      const any = sender([[at('127.0.0.1')]]);
      expect(await any.post({ ...message, url })).toMatchObject({ outcome: 'refused' });
      expect(any.asked).toEqual([]);
    },
  );

  it('believes no certificate that nobody vouches for', async () => {
    const there = await receiver(undefined, { certificate: await createCertificate(['hooks.example']) });
    const sent = await sender([[at('127.0.0.1')]]).post({ ...message, url: `https://hooks.example:${there.port}/` });
    expect(sent).toEqual({ outcome: 'unreachable', reason: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT') });
    expect(there.received).toEqual([]);
  });

  it('believes no certificate of another name', async () => {
    const there = await receiver();
    const sent = await sender([[at('127.0.0.1')]]).post({ ...message, url: `https://other.example:${there.port}/` });
    expect(sent).toEqual({ outcome: 'unreachable', reason: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') });
    expect(there.received).toEqual([]);
  });

  it.each([
    ['does not answer', () => undefined],
    ['sends the head of its answer slowly', (response: ServerResponse) => response.writeProcessing()],
  ])('waits no longer than its time for a receiver that %s', async (_, answer) => {
    const there = await receiver(answer);
    const began = Date.now();
    const sent = await sender([[at('127.0.0.1')]], { milliseconds: 300 }).post({
      ...message,
      url: `https://hooks.example:${there.port}/`,
    });
    expect(sent).toEqual({ outcome: 'unreachable', reason: 'No answer within 0.3 seconds.' });
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  it('waits no longer than its time for a name', async () => {
    const sent = await sender([], { milliseconds: 300, resolve: async () => new Promise(() => undefined) }).post({
      ...message,
      url: 'https://hooks.example/',
    });
    expect(sent).toEqual({ outcome: 'unreachable', reason: 'No answer within 0.3 seconds.' });
  });

  it('takes the status of an answer whose end does not come', async () => {
    const there = await receiver((response) => void response.writeHead(200).write('so far'));
    const sent = await sender([[at('127.0.0.1')]], { milliseconds: 300 }).post({
      ...message,
      url: `https://hooks.example:${there.port}/`,
    });
    expect(sent).toEqual({ outcome: 'accepted', status: 200 });
  });

  it('reads no more than 64 KB of an answer', async () => {
    let written = 0;
    const there = await receiver((response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && written < 64 * 1_048_576) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more);
        }
      };
      more();
    });
    const sent = await sender([[at('127.0.0.1')]]).post({ ...message, url: `https://hooks.example:${there.port}/` });
    expect(sent).toEqual({ outcome: 'accepted', status: 200 });
    // What the buffers of the system take, and not the 64 MB.
    expect(written).toBeLessThan(32 * 1_048_576);
  });

  it('tells of a receiver that is not there, by the error’s code', async () => {
    const there = await receiver();
    await there.close();
    open = [];
    const sent = await sender([[at('127.0.0.1')]]).post({ ...message, url: `https://hooks.example:${there.port}/` });
    expect(sent).toEqual({ outcome: 'unreachable', reason: 'The receiver could not be reached (ECONNREFUSED).' });
  });

  it('tells of a name that is not there', async () => {
    const sent = await sender([[]]).post({ ...message, url: 'https://hooks.example/' });
    expect(sent).toEqual({ outcome: 'unreachable', reason: 'The receiver could not be reached (ENODATA).' });
  });
});
