import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { apiClient, readReportPage } from '../../src/contracts/client.ts';
import { routes } from '../../src/contracts/routes.ts';
import type { Route } from '../../src/contracts/route.ts';
import { buildRequest } from '../../src/contracts/send-request.ts';

type Asked = {
  method?: string | undefined;
  url?: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
};

let server: Server;
let baseUrl: string;
let asked: Asked;
let answer: { status: number; body: string };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      asked = { method: request.method, url: request.url, headers: request.headers, body };
      response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const client = () => apiClient({ baseUrl, apiKey: 'sk-test' });
const answerWith = (status: number, body: unknown): void => {
  answer = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
};
const problem = {
  type: 'about:blank',
  title: 'There is no such thing here',
  status: 404,
  detail: 'There is no run X. GET /runs lists the runs there are.',
  message: 'There is no run X.',
  instance: '/runs/X',
  kind: 'NOT_FOUND',
  request_id: 'r-1',
};

describe('the typed client', () => {
  it('has one method for each route of the table', () => {
    expect(Object.keys(client())).toEqual(Object.keys(routes));
  });

  it('sends the body, the key and what it accepts', async () => {
    answerWith(202, { run_id: '01JD3Y6M9Q4T8V2X5Z7B1C3D4E', status_url: '/runs/01JD3Y6M9Q4T8V2X5Z7B1C3D4E' });
    const accepted = await client().createCatalog({ dataset: 'ecommerce', s3_prefix: 'a/b', budget: { dollars: 0.5 } });
    expect(accepted.status_url).toBe('/runs/01JD3Y6M9Q4T8V2X5Z7B1C3D4E');
    expect(asked).toMatchObject({ method: 'POST', url: '/catalog' });
    expect(asked.headers).toMatchObject({
      authorization: 'Bearer sk-test',
      accept: 'application/json',
      'content-type': 'application/json',
    });
    expect(JSON.parse(asked.body)).toEqual({ dataset: 'ecommerce', s3_prefix: 'a/b', budget: { dollars: 0.5 } });
  });

  it('puts each field where its route has it, encoded', async () => {
    answerWith(200, { runs: [] });
    await client().listRuns({ limit: 5, cursor: 'a&b=c' });
    expect(asked).toMatchObject({ method: 'GET', url: '/runs?limit=5&cursor=a%26b%3Dc', body: '' });
    await client().listRuns();
    expect(asked.url).toBe('/runs');
    await expect(client().getRun({ id: '../x?y' })).rejects.toThrow('does not understand');
    expect(asked.url).toBe('/runs/..%2Fx%3Fy');
  });

  it('separates path, query, headers and body where a route has all four', () => {
    const shape = routes.listRuns.query;
    const { headers, body } = routes.createCatalog;
    const headersAndBody = { headers, body };
    const route: Route = { ...routes.getRun, method: 'POST', query: shape, ...headersAndBody };
    expect(
      buildRequest(route, { id: 'X', limit: 2, cursor: undefined, s3_prefix: 'p', 'idempotency-key': 'k' }),
    ).toEqual({
      path: '/runs/X?limit=2',
      headers: { 'idempotency-key': 'k' },
      body: '{"s3_prefix":"p"}',
    });
  });

  it('turns a problem into its Failure', async () => {
    const found = { where: 'path.id', message: 'There is no run X.' };
    answerWith(404, { ...problem, ...found, advice: { kind: 'see_runs' }, errors: [found] });
    await expect(client().getRun({ id: 'X' })).rejects.toMatchObject({
      kind: 'NOT_FOUND',
      message: 'There is no run X.',
      where: 'path.id',
      advice: { kind: 'see_runs' },
    });
  });

  it('lists what a problem’s own words leave out', async () => {
    const errors = ['a', 'b', 'c', 'd'].map((where) => ({ where, message: `${where} is wrong` }));
    const message = 'a: a is wrong; b: b is wrong; c: c is wrong (and 1 more).';
    answerWith(400, { ...problem, kind: 'INVALID_REQUEST', status: 400, message, where: 'a', errors });
    await expect(client().listRuns()).rejects.toMatchObject({
      kind: 'INVALID_REQUEST',
      message: `${message}\n- d: d is wrong`,
      where: 'a',
    });
  });

  it.each([
    [502, '<html>Bad gateway</html>', /answered 502 with something that is no answer of this API/],
    [404, { ...problem, kind: 'NO_SUCH_KIND' }, /no answer of this API/],
    [200, 'not json', /does not understand/],
    [200, { runs: [{ run_id: 7 }] }, /runs\[0\]/],
  ])('says so when %i %j comes back', async (status, body, message) => {
    answerWith(status, body);
    await expect(client().listRuns()).rejects.toMatchObject({
      kind: 'INTERNAL',
      message: expect.stringMatching(message),
    });
  });

  it('says how to start a service that is not there', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
    await new Promise((resolve) => closed.close(resolve));
    await expect(apiClient({ baseUrl: url }).checkHealth()).rejects.toMatchObject({
      kind: 'SERVICE_UNREACHABLE',
      where: url,
      advice: { kind: 'start_service' },
    });
  });

  it('sends no key where it has none, and uses the fetch it was given', async () => {
    answerWith(200, { status: 'ok', version: '1', platform: 'local', analyst: 'model' });
    const seen: string[] = [];
    const spy: typeof fetch = (input, init) => {
      seen.push(input instanceof Request ? input.url : input.toString());
      return fetch(input, init);
    };
    await apiClient({ baseUrl, fetch: spy }).checkHealth();
    expect(seen).toEqual([`${baseUrl}/health`]);
    expect(asked.headers).not.toHaveProperty('authorization');
  });
});

describe('what a client is answered', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const one of servers.splice(0)) {
      one.closeAllConnections();
      await new Promise((resolve) => one.close(resolve));
    }
  });
  const serve = async (listener: RequestListener): Promise<string> => {
    const one = createServer(listener);
    servers.push(one);
    await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
  };
  const report = { id: '01JD3Y6M9Q4T8V2X5Z7B1C3D4E', agent: 'summary' };
  /** Sends without end. */
  const endless: RequestListener = (_, response) => {
    const more = (): void => {
      while (response.write('x'.repeat(64 * 1024)));
      response.once('drain', more);
    };
    more();
  };

  it.each([301, 302, 303, 307, 308])(
    'is not looked for elsewhere: %i is refused, and nothing is sent on',
    async (status) => {
      let sentOn = 0;
      const other = await serve((_, response) => {
        sentOn += 1;
        response.end('{}');
      });
      const url = await serve((_, response) => response.writeHead(status, { location: `${other}/x?token=t` }).end());
      const asking = apiClient({ baseUrl: url, apiKey: 'sk' });
      const body = { db_conn_string: 'postgresql://u:secret@h/d', s3_prefix: 'a' };
      await expect(asking.createCatalog(body)).rejects.toMatchObject({
        kind: 'SETTING_INVALID',
        message: expect.stringContaining(`sends on to ${other}, which is not followed`),
      });
      await expect(asking.listRuns()).rejects.toMatchObject({ kind: 'SETTING_INVALID' });
      expect(sentOn).toBe(0);
    },
  );

  it.each([
    'http://store.example/x',
    'ftp://127.0.0.1/x',
    'http://127.0.0.1.evil.example/x',
    '//x',
    'file:///etc/passwd',
  ])('is no report behind the link %s', async (location) => {
    const url = await serve((_, response) => response.writeHead(307, { location }).end());
    const seen: string[] = [];
    const spy: typeof fetch = (input, init) => {
      seen.push(input instanceof Request ? input.url : input.toString());
      return fetch(input, init);
    };
    await expect(apiClient({ baseUrl: url, fetch: spy }).readReport(report)).rejects.toMatchObject({
      kind: 'STORAGE_FAILED',
      message: expect.stringContaining('not https'),
    });
    expect(seen).toHaveLength(1);
  });

  it('is no report where the store sends on', async () => {
    const other = await serve((_, response) => response.end('<html>'));
    const store = await serve((_, response) => response.writeHead(302, { location: other }).end());
    const url = await serve((_, response) => response.writeHead(307, { location: `${store}/r` }).end());
    await expect(readReportPage({ baseUrl: url }, report)).rejects.toMatchObject({ kind: 'STORAGE_FAILED' });
  });

  it('is counted while it comes: 8 MB, of a report more', async () => {
    const large = await serve((_, response) => response.end('x'.repeat(9 * 1024 * 1024)));
    expect(await readReportPage({ baseUrl: large }, report)).toHaveLength(9 * 1024 * 1024);
    const url = await serve(endless);
    const tooLarge = (megabytes: number) => ({
      kind: 'INTERNAL',
      message: expect.stringContaining(`more than ${megabytes} MB`) as string,
    });
    await expect(apiClient({ baseUrl: url }).listRuns()).rejects.toMatchObject(tooLarge(8));
    await expect(readReportPage({ baseUrl: url }, report)).rejects.toMatchObject(tooLarge(64));
    const sendingOn = await serve((_, response) => response.writeHead(307, { location: `${url}/r` }).end());
    await expect(readReportPage({ baseUrl: sendingOn }, report)).rejects.toMatchObject(tooLarge(64));
  });

  it.each<[string, RequestListener]>([
    ['nothing', () => undefined],
    ['a beginning', (_, response) => void response.write('{')],
  ])('in time: %s is not waited for without end, and no longer than until it is stopped', async (_, listener) => {
    const url = await serve(listener);
    const limits = { bytes: 1_000, milliseconds: 50 };
    await expect(apiClient({ baseUrl: url, limits }).listRuns()).rejects.toMatchObject({
      kind: 'SERVICE_UNREACHABLE',
      cause: { code: 'ETIMEDOUT' },
    });
    const stop = new AbortController();
    const asking = apiClient({ baseUrl: url, signal: stop.signal }).listRuns();
    const reason = new Error('Stopped.');
    setTimeout(() => stop.abort(reason), 50);
    await expect(asking).rejects.toBe(reason);
  });
});
