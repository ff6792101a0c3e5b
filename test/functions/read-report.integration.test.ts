import { objectPorts } from '../../src/adapters/object-ports.ts';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveHttp } from '../../bin/local/http-server.ts';
import { handler as readReport } from '../../functions/read-report/handler.ts';
import { s3ObjectStore } from '../../src/adapters/aws/s3-object-store.ts';
import { fileObjectStore } from '../../src/adapters/local/file-object-store.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { type ApiClient, apiClient } from '../../src/contracts/client.ts';
import { routeExamples } from '../../src/contracts/route-examples.ts';
import type { Run } from '../../src/contracts/run.ts';
import type { Log } from '../../src/ports/log.ts';
import type { ObjectStore } from '../../src/ports/object-store.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { apiKeyHash } from '../../src/use-cases/api-key-hash.ts';
import { findMiniStack, type MiniStack, startMiniStack } from '../adapters/aws/ministack.ts';
import { sampleRun } from '../contracts/stores/samples.ts';
import { leaveOut } from '../support/is-missing.ts';
import { routeHandlers } from '../support/route-handlers.ts';

const log: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };
const apiKey = 'sk-of-a-reader';
const tenant = 'acme';
const found = await findMiniStack();

const example = routeExamples.readReport.answer;
/** Marks double within the JSON of a function's answer, so size alone tells too little. */
const texts = { small: '<p>small</p>', quoted: '"'.repeat(2_600_000), large: 'ü'.repeat(3_300_000) };
const run: Run = sampleRun(tenant, {
  run_id: ulid(),
  status: 'succeeded',
  reports: Object.keys(texts).map((agent) => ({
    agent,
    html_key: `reports/shop/2026-01-31T12-00-00.000Z/${agent}.html`,
    json_key: `reports/shop/2026-01-31T12-00-00.000Z/${agent}.json`,
  })),
});

/** A service that answers `GET …/reports/{agent}` from an object store. */
const serve = async (objects: ObjectStore) => {
  for (const [agent, body_html] of Object.entries(texts)) {
    await objects.put(
      tenant,
      `reports/shop/2026-01-31T12-00-00.000Z/${agent}.html`,
      `<!doctype html>${body_html}`,
      'text/html',
    );
    const twin = JSON.stringify({ ...example, agent, body_html });
    await objects.put(tenant, `reports/shop/2026-01-31T12-00-00.000Z/${agent}.json`, twin, 'application/json');
  }
  const key = { hash: apiKeyHash(apiKey), tenant, roles: ['reader'], rights: [], label: 'a reader' };
  const ports = {
    runs: { get: async () => run },
    ...objectPorts(objects),
    apiKeys: { find: async (hash: string) => (hash === key.hash ? key : undefined), noteUse: async () => undefined },
    clock: systemClock(),
    api: { requests_per_minute: 0, origins: [] },
    log,
  } as unknown as Ports;
  const handlers = routeHandlers({ 'read-report': (event) => readReport(ports)(event, {} as never) });
  return serveHttp({ port: 0, handlers, apiKey, origins: [], log });
};

/** What `GET` of a report answers, no redirect followed. */
const ask = (url: string, agent: string): Promise<Response> =>
  fetch(`${url}/runs/${run.run_id}/reports/${agent}`, {
    headers: { authorization: `Bearer ${apiKey}`, accept: 'text/html' },
    redirect: 'manual',
  });

describe('a report that lies in files', () => {
  let folder: string;
  let service: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-reports-'));
    service = await serve(fileObjectStore(folder));
  });
  afterAll(async () => {
    await service?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['small', 'quoted', 'large'] as const)('is answered whole, however large: %s', async (agent) => {
    const page = await ask(service.url, agent);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain('sandbox');
    expect((await page.text()) === `<!doctype html>${texts[agent]}`).toBe(true);
    const twin = await apiClient({ baseUrl: service.url, apiKey }).readReport({ id: run.run_id, agent });
    expect(twin.body_html === texts[agent]).toBe(true);
  });
});

describe.skipIf('missing' in found && leaveOut('emulator', found.missing))('a report that lies in S3', () => {
  let ministack: MiniStack | undefined;
  let bucket: Server;
  let asked: { readonly path: string; readonly headers: IncomingHttpHeaders }[] = [];
  let service: Awaited<ReturnType<typeof serve>>;
  let client: ApiClient;

  beforeAll(async () => {
    if ('missing' in found) return;
    ministack = await startMiniStack(found.python);
    const s3 = new S3Client({ ...ministack.client, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'reports' }));
    const { port: behind } = new URL(ministack.client.endpoint);
    // Before the emulator, to see what a link is asked with.
    bucket = createServer((incoming, outgoing) => {
      asked.push({ path: incoming.url ?? '', headers: incoming.headers });
      const passed = request(
        { host: '127.0.0.1', port: behind, method: incoming.method, path: incoming.url, headers: incoming.headers },
        (answer) => answer.pipe(outgoing.writeHead(answer.statusCode ?? 500, answer.headers)),
      );
      incoming.pipe(passed);
    });
    await new Promise<void>((resolve) => bucket.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(bucket.address() as AddressInfo).port}`;
    service = await serve(s3ObjectStore({ client: s3, bucket: 'reports', clock: systemClock(), origin }));
    client = apiClient({ baseUrl: service.url, apiKey });
  });
  afterAll(async () => {
    await service?.stop();
    await new Promise((resolve) => bucket?.close(resolve));
    await ministack?.stop();
  });

  it('is answered with itself where a function can carry it', async () => {
    asked = [];
    const page = await ask(service.url, 'small');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain('sandbox');
    expect(await page.text()).toBe(`<!doctype html>${texts.small}`);
    expect((await client.readReport({ id: run.run_id, agent: 'small' })).body_html).toBe(texts.small);
    expect(asked).toEqual([]);
  });

  it.each(['quoted', 'large'] as const)('is read through a link where a function cannot: %s', async (agent) => {
    const moved = await ask(service.url, agent);
    expect(moved.status).toBe(307);
    expect(moved.headers.get('cache-control')).toBe('no-store');
    expect(await moved.text()).toBe('');
    const link = new URL(moved.headers.get('location') ?? '');
    expect(link.pathname).toBe(`/reports/${tenant}/reports/shop/2026-01-31T12-00-00.000Z/${agent}.html`);
    expect(link.searchParams.get('X-Amz-Expires')).toBe('120');
    const page = await fetch(link);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect((await page.text()) === `<!doctype html>${texts[agent]}`).toBe(true);
  });

  it('is followed there by the client, which leaves its key behind', async () => {
    asked = [];
    const twin = await client.readReport({ id: run.run_id, agent: 'large' });
    expect(twin.body_html === texts.large).toBe(true);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.path).toMatch(/large\.json\?/);
    expect(asked[0]?.headers).toMatchObject({ accept: 'application/json' });
    expect(asked[0]?.headers).not.toHaveProperty('authorization');
  });
});
