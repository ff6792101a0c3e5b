import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HttpServer, serveHttp } from '../../../bin/local/http-server.ts';
import { failures, isFailureKind } from '../../../src/contracts/failure.ts';
import { Problem } from '../../../src/contracts/problem.ts';
import type { Log } from '../../../src/ports/log.ts';
import { unreadableRequests } from '../../fuzz/unreadable-requests.ts';
import { routeHandlers } from '../../support/route-handlers.ts';
import { sendBytes } from '../../support/send-bytes.ts';

const log: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };
const answered = async () => ({ statusCode: 200, headers: { 'content-type': 'text/plain' }, body: 'answered' });

let server: HttpServer;
beforeAll(async () => {
  const handlers = routeHandlers({ 'list-runs': answered, 'get-run': answered, 'create-catalog': answered });
  server = await serveHttp({ port: 0, handlers, apiKey: 'sk-of-this-test', origins: [], log });
});
afterAll(() => server.stop());

it.each(unreadableRequests('HOST').map(([said]) => said))('%s is answered, or refused with a problem', async (said) => {
  const bytes = new Map(unreadableRequests(`127.0.0.1:${server.port}`)).get(said) ?? Buffer.of();
  const { status, headers, text } = await sendBytes(server.port, bytes);
  const problem = Problem.safeParse(text === 'answered' ? undefined : JSON.parse(text)).data;
  const kind = problem?.kind;
  const told = isFailureKind(kind) ? failures[kind].status : text;
  expect([status, told, problem?.status]).toBeOneOf([
    [200, 'answered', undefined],
    [400, 400, 400],
    [404, 404, 404],
    [405, 405, 405],
    [413, 413, 413],
  ]);
  expect(headers['content-type']).toBe(
    problem === undefined ? 'text/plain' : 'application/problem+json; charset=utf-8',
  );
});

it('a connection that was used before is told too', async () => {
  const first = `GET /runs HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`;
  const both = await sendBytes(server.port, Buffer.from(`${first}__proto__\r\n\r\n`));
  expect(both.text).toContain('answered');
  const { text } = await sendBytes(server.port, Buffer.from(`GET /runs HTTP/1.1\r\nx: ${'a'.repeat(17_000)}\r\n\r\n`));
  expect(Problem.parse(JSON.parse(text)).kind).toBe('REQUEST_TOO_LARGE');
});
