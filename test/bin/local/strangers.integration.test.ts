import { request as httpRequest, type RequestOptions } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from '../../../src/contracts/client.ts';
import { type BackgroundService, bytesOnDisk, startBackgroundService } from '../../support/background-service.ts';

const requests = 2_000;
const maxGrowth = 1_000_000;
const long = 'x'.repeat(8_000);
const wrongKey = `Bearer sk-surveyor-${'a'.repeat(43)}`;
const token = `Bearer ${['{"alg":"RS256"}', '{"sub":"x"}', 'x'.repeat(300)].map((part) => Buffer.from(part).toString('base64url')).join('.')}`;

const withoutKey = { send: { path: '/runs' }, as: [401, 429] };

/** What else strangers send, each with what may be answered. */
const floods: Readonly<Record<string, { readonly send: RequestOptions & { body?: string }; readonly as: number[] }>> = {
  'GET with a wrong key': { send: { path: '/runs', headers: { authorization: wrongKey } }, as: [401, 429] },
  'GET with a token': { send: { path: `/runs?q=${long}`, headers: { authorization: token } }, as: [401, 429] },
  'paths that are none': { send: { path: `/${long}` }, as: [404] },
  'long paths of a run': { send: { path: `/runs/${long}`, headers: { authorization: wrongKey } }, as: [401, 429] },
  'another host': { send: { path: '/runs', headers: { host: `${long}.example.com` } }, as: [400] },
  'methods that are none': { send: { path: '/catalog', method: 'DELETE' }, as: [405] },
  'bodies of 24 KB': {
    send: { path: '/catalog', method: 'POST', headers: { authorization: wrongKey }, body: long.repeat(3) },
    as: [401, 429],
  },
  'what anyone may read': { send: { path: '/health' }, as: [200] },
};

describe('requests without a key', { timeout: 120_000 }, () => {
  let service: BackgroundService;
  beforeAll(async () => {
    service = await startBackgroundService();
  }, 120_000);
  afterAll(() => service.close());

  const statusOf = ({ body, ...options }: RequestOptions & { body?: string }): Promise<number> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(service.url);
      const sent = httpRequest({ ...options, hostname, port, agent: false }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.on('error', reject);
      sent.end(body);
    });

  /** So many requests of these kinds in turn; answers with what was answered that is not among what may be. */
  const flood = async (kinds: readonly (typeof floods)[string][], count: number): Promise<readonly number[]> => {
    const odd: number[] = [];
    for (let sent = 0; sent < count; sent += 20)
      await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const { send, as } = kinds[(sent + index) % kinds.length]!;
          const status = await statusOf(send);
          if (!as.includes(status)) odd.push(status);
        }),
      );
    return odd;
  };

  it.each([
    ['GET without a key', [withoutKey]],
    ['of every other kind', Object.values(floods)],
  ])('cost nothing: 2,000 of them (%s) take less than 1 MB of the disk', async (_, kinds) => {
    const before = bytesOnDisk(service.home);
    expect(await flood(kinds, requests)).toEqual([]);
    expect(bytesOnDisk(service.home) - before).toBeLessThan(maxGrowth);
  });

  it('are turned away at last, and lock out nobody who has a key', async () => {
    expect(await flood([withoutKey], 620)).toEqual([]);
    const response = await fetch(`${service.url}/runs`);
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({ kind: 'RATE_LIMITED' });
    const api = apiClient({ baseUrl: service.url, apiKey: service.apiKey });
    expect((await api.listRuns({ limit: 1 })).runs).toEqual([]);
    expect(await service.run('runs')).toMatchObject({ code: 0 });
  });
});
