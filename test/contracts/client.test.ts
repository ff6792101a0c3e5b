import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from '../../src/contracts/client.ts';
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
