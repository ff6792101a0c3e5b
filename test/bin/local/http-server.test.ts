import { connect } from 'node:net';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveHttp } from '../../../bin/local/http-server.ts';
import type { HttpServer } from '../../../bin/local/http-server.ts';
import { Problem } from '../../../src/contracts/problem.ts';
import type { Log } from '../../../src/ports/log.ts';
import { routeHandlers } from '../../support/route-handlers.ts';

const apiKey = 'sk-surveyor-of-this-test';
const runId = '01JD0000000000000000000000';
const logged: string[] = [];
const log: Log = {
  debug: (message) => logged.push(message),
  info: (message) => logged.push(message),
  warn: (message) => logged.push(message),
  error: (message) => logged.push(message),
  with: () => log,
};

let lastEvent: APIGatewayProxyEvent;
const echo = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
  lastEvent = event;
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path: event.path }),
  };
};
const handlers = routeHandlers({
  'create-catalog': async (event: APIGatewayProxyEvent) => ({ ...(await echo(event)), statusCode: 202 }),
  'list-runs': echo,
  'get-run': async (event: APIGatewayProxyEvent) => {
    lastEvent = event;
    throw new Error('the disk is on fire');
  },
  'list-steps': async () => ({
    statusCode: 200,
    isBase64Encoded: true,
    multiValueHeaders: { 'x-two': ['a', 'b'] },
    body: Buffer.from([0, 255, 1]).toString('base64'),
  }),
  'read-report': async (event: APIGatewayProxyEvent) => {
    lastEvent = event;
    const signedIn = event.headers['authorization'] === `Bearer ${apiKey}`;
    return { statusCode: signedIn ? 200 : 401, body: signedIn ? 'the report' : 'who are you?' };
  },
});

let server: HttpServer;
beforeAll(async () => {
  server = await serveHttp({ port: 0, handlers, apiKey, origins: [], log });
});
afterAll(() => server.stop());

/** One request as bytes, for what fetch would never send; the answer as text. */
const raw = (request: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(request.replaceAll('\n', '\r\n')));
    let answer = '';
    socket.on('data', (data) => (answer += String(data)));
    socket.on('close', () => resolve(answer));
    // A server that answers before it has read a whole body may reset the connection: what came is the answer.
    socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
  });

const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  return Problem.parse(await response.json());
};

describe('the local server', () => {
  it('hands a request to the route’s function as API Gateway would', async () => {
    const response = await fetch(`${server.url}/runs?limit=2&limit=3&cursor=a%20b`, { headers: { 'X-Mixed': 'Case' } });
    expect(await response.json()).toEqual({ path: '/runs' });
    expect(lastEvent).toMatchObject({
      httpMethod: 'GET',
      resource: '/runs',
      path: '/runs',
      pathParameters: null,
      queryStringParameters: { limit: '3', cursor: 'a b' },
      multiValueQueryStringParameters: { limit: ['2', '3'], cursor: ['a b'] },
      headers: { 'x-mixed': 'Case' },
      body: null,
      requestContext: { requestId: expect.stringMatching(/^[0-9a-f-]{36}$/), resourcePath: '/runs' },
    });
  });

  it('hands over a body and decoded path parameters', async () => {
    const response = await fetch(`${server.url}/catalog`, { method: 'POST', body: '{"s3_prefix":"ä"}' });
    expect(response.status).toBe(202);
    expect(lastEvent.body).toBe('{"s3_prefix":"ä"}');
    await fetch(`${server.url}/runs/a%2Fb/reports/x%20y`);
    expect(lastEvent).toMatchObject({
      resource: '/runs/{id}/reports/{agent}',
      pathParameters: { id: 'a/b', agent: 'x y' },
    });
  });

  it('answers with bytes and repeated headers', async () => {
    const response = await fetch(`${server.url}/runs/${runId}/steps`);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 1]);
    expect(response.headers.get('x-two')).toBe('a, b');
  });

  it('tells of a function that broke without telling what broke', async () => {
    const problem = await problemOf(await fetch(`${server.url}/runs/${runId}`));
    expect(problem).toMatchObject({ status: 500, kind: 'INTERNAL', instance: `/runs/${runId}` });
    expect(problem.detail).toContain(problem.request_id);
    expect(JSON.stringify(problem)).not.toContain('fire');
    expect(logged).toContain('request failed');
  });

  it('names the routes near an unknown path', async () => {
    const problem = await problemOf(await fetch(`${server.url}/rns`));
    expect(problem).toMatchObject({ status: 404, kind: 'NOT_FOUND' });
    expect(problem.detail).toContain('GET /runs, GET /runs/{id}');
    expect((await problemOf(await fetch(`${server.url}/somewhere/else`))).detail).toContain('/openapi.json');
  });

  it('names the methods of a path that has others', async () => {
    const response = await fetch(`${server.url}/catalog`, { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('POST');
    expect(await problemOf(response)).toMatchObject({ status: 405, kind: 'METHOD_NOT_ALLOWED' });
  });

  it('gives no other site leave: a preflight is a method that is not allowed', async () => {
    const response = await fetch(`${server.url}/catalog`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example' },
    });
    expect(response.status).toBe(405);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('takes a body of 1 MiB and refuses one byte more', async () => {
    const post = (bytes: number) => fetch(`${server.url}/catalog`, { method: 'POST', body: 'x'.repeat(bytes) });
    expect((await post(1024 * 1024)).status).toBe(202);
    expect(await problemOf(await post(1024 * 1024 + 1))).toMatchObject({ status: 413, kind: 'REQUEST_TOO_LARGE' });
  });

  it('refuses a body that hides its length, and one that only claims to be large', async () => {
    const head = `POST /catalog HTTP/1.1\nHost: 127.0.0.1:${server.port}\n`;
    const chunk = `${(600 * 1024).toString(16)}\n${'x'.repeat(600 * 1024)}\n`;
    expect(await raw(`${head}Transfer-Encoding: chunked\n\n${chunk}${chunk}0\n\n`)).toMatch(
      /^HTTP\/1.1 413 [^]*REQUEST_TOO_LARGE/,
    );
    expect(await raw(`${head}Content-Length: 99999999\n\n{`)).toMatch(/^HTTP\/1.1 413 [^]*REQUEST_TOO_LARGE/);
  });

  it.each(['evil.example', 'evil.example:8787', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example'])(
    'does not answer to the host %s',
    async (host) => {
      const answer = await raw(`GET /runs HTTP/1.1\nHost: ${host}\nConnection: close\n\n`);
      expect(answer).toMatch(/^HTTP\/1.1 400 [^]*header.host/);
    },
  );

  it.each(['127.0.0.1', 'localhost', '[::1]'])('answers to %s with its port', async (host) => {
    const answer = await raw(`GET /runs HTTP/1.1\nHost: ${host}:${server.port}\nConnection: close\n\n`);
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
  });

  it('refuses a request without a host', async () => {
    expect(await raw('GET /runs HTTP/1.0\n\n')).toMatch(/^HTTP\/1.1 400 /);
    expect(await raw('GET /runs HTTP/1.1\n\n')).toMatch(/^HTTP\/1.1 400 /);
  });

  it('says which port is taken and what to do', async () => {
    await expect(serveHttp({ port: server.port, handlers, apiKey, origins: [], log })).rejects.toMatchObject({
      kind: 'CONFLICT',
      where: 'SURVEYOR_PORT',
      message: expect.stringContaining(`Port ${server.port}`),
    });
  });

  it('stops at once although a client keeps its connection', async () => {
    const other = await serveHttp({ port: 0, handlers, apiKey, origins: [], log });
    const socket = connect(other.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    await other.stop();
    await closed;
    await expect(fetch(other.url)).rejects.toThrow('fetch failed');
  });
});

describe('a browser on this machine', () => {
  const report = `/runs/${runId}/reports/cataloging`;
  const open = (url: string, headers: Record<string, string> = {}) => fetch(url, { redirect: 'manual', headers });
  const cookieOf = (response: Response): string => response.headers.get('set-cookie')?.split(';')[0] ?? '';
  const signIn = async (): Promise<string> => cookieOf(await open(server.browserUrl('/runs')));

  it('is signed in by a link, and led to the page', async () => {
    const response = await open(server.browserUrl(report));
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(report);
    expect(response.headers.get('set-cookie')).toMatch(/HttpOnly/);
    expect(response.headers.get('set-cookie')).toMatch(/SameSite=Strict/);
    expect(response.headers.get('set-cookie')).not.toContain(apiKey);
    expect(await (await open(server.url + report, { cookie: cookieOf(response) })).text()).toBe('the report');
  });

  it('cannot use a link that another one has used, but may open its own again', async () => {
    const link = server.browserUrl(report);
    const cookie = cookieOf(await open(link));
    const stranger = await open(link);
    expect(stranger.status).toBe(401);
    expect(stranger.headers.get('set-cookie')).toBeNull();
    expect((await open(link, { cookie })).headers.get('location')).toBe(report);
  });

  it('does not use up a link by looking at its head', async () => {
    const link = server.browserUrl(report);
    expect((await fetch(link, { method: 'HEAD', redirect: 'manual' })).status).toBe(401);
    expect((await open(link)).status).toBe(303);
  });

  it('is nobody without the cookie, with a made-up one, or when another page asks', async () => {
    const cookie = await signIn();
    expect((await open(server.url + report)).status).toBe(401);
    expect((await open(server.url + report, { cookie: 'surveyor-session=AAAA' })).status).toBe(401);
    for (const site of ['cross-site', 'same-site']) {
      expect((await open(server.url + report, { cookie, 'sec-fetch-site': site })).status).toBe(401);
    }
    expect((await open(server.url + report, { cookie, 'sec-fetch-site': 'none' })).status).toBe(200);
  });

  it('may read and nothing more', async () => {
    const cookie = await signIn();
    await fetch(`${server.url}/catalog`, { method: 'POST', headers: { cookie }, body: '{}' });
    expect(lastEvent.httpMethod).toBe('POST');
    expect(lastEvent.headers).not.toHaveProperty('authorization');
  });

  it('gets a link from whoever holds the API key, and only to a path of this service', async () => {
    const ask = (path: unknown, key: string) =>
      fetch(`${server.url}/session`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ path }),
      });
    const { url }: { url: string } = (await (await ask(report, apiKey)).json()) as { url: string };
    expect(url.startsWith(`${server.url}/session?code=`)).toBe(true);
    expect((await open(url)).headers.get('location')).toBe(report);
    expect((await ask(report, 'sk-wrong')).status).toBe(401);
    for (const path of ['//evil.example', '/\\evil.example', 'https://evil.example', 'runs', 7]) {
      expect((await ask(path, apiKey)).status).toBe(400);
    }
  });
});
