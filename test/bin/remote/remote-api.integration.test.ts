import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { surveyorProgram } from '../../../bin/commands/program.ts';
import { parseSettings, projectRoot } from '../../../bin/local/settings.ts';
import { connectRemote } from '../../../bin/remote/connect-remote.ts';
import type { ApiClient } from '../../../src/contracts/client.ts';
import { Failure, failures } from '../../../src/contracts/failure.ts';
import { apiVersion } from '../../../src/contracts/openapi.ts';
import { routeExamples } from '../../../src/contracts/route-examples.ts';
import { createPrivateAuthority, type PrivateAuthority, type ServerIdentity } from '../../support/private-authority.ts';
import { runSurveyor } from '../../support/run-surveyor.ts';
import { endedRun, runId } from '../fake-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'surveyor-remote-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const home = join(folder, 'home');

const servers: Server[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

const listen = async (server: Server): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const serve = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer(listener))}`;
const serveSecurely = async (identity: ServerIdentity, listener: RequestListener): Promise<string> =>
  `https://127.0.0.1:${await listen(createSecureServer(identity, listener))}`;

/** An address at which nobody listens. */
const nowhere = async (): Promise<string> => {
  const url = await serve(() => undefined);
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return url;
};

const answer = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { connection: 'close', ...headers }).end(text);
};
const problem = (kind: string, status: number, message: string, more: object = {}) => ({
  type: 'about:blank',
  title: kind,
  status,
  detail: message,
  message,
  instance: '/runs',
  kind,
  request_id: 'r-1',
  ...more,
});

const thrownBy = (work: () => unknown): Failure => {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
  }
  throw new Error('There was no failure.');
};

/** A command in a home of its own, against an address. */
const against = (url: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  runSurveyor(args, {
    PATH: process.env['PATH'],
    HOME: folder,
    SURVEYOR_HOME: home,
    SURVEYOR_API_URL: url,
    SURVEYOR_API_KEY: 'sk-of-somebody',
    NO_COLOR: '1',
    ...more,
  });

describe('A command that is to speak to an API elsewhere', () => {
  const page = { runs: [] };

  it('sends its key there, at the path below the stage, and makes nothing on this machine', async () => {
    const asked: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url, request.headers.authorization);
      answer(response, 200, page);
    });
    expect(await against(`${url}/v1/`, ['runs'])).toMatchObject({ code: 0, stderr: '' });
    expect(asked).toEqual(['/v1/runs?limit=20', 'Bearer sk-of-somebody']);
    expect(existsSync(home)).toBe(false);
  });

  it('takes the address from --api before that of the environment, and the key from a file that is its owner’s alone', async () => {
    const keys: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      keys.push(request.headers.authorization);
      answer(response, 200, page);
    });
    const file = join(folder, 'key');
    writeFileSync(file, 'sk-from-a-file\n', { mode: 0o600 });
    const fromFile = { SURVEYOR_API_KEY: '', SURVEYOR_API_KEY_FILE: file };
    expect(await against('http://127.0.0.1:9', ['runs', '--api', url], fromFile)).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(keys).toEqual(['Bearer sk-from-a-file']);

    chmodSync(file, 0o640);
    expect(await against(url, ['runs'], fromFile)).toMatchObject({
      code: failures.SETTING_INVALID.exit_code,
      stderr: expect.stringContaining(`chmod 600 ${file}`),
    });
    expect(keys).toHaveLength(1);
  });

  it.each([
    [{ SURVEYOR_API_KEY: '' }, /asks for an API key[^]*SURVEYOR_API_KEY_FILE[^]*keys add/],
    [{ SURVEYOR_API_KEY: 'two words' }, /SURVEYOR_API_KEY has a blank/],
    [{ SURVEYOR_API_KEY: '', SURVEYOR_API_KEY_FILE: '/nowhere/key' }, /cannot be read from \/nowhere\/key/],
    [{ SURVEYOR_API_URL: 'http://api.example.com/v1' }, /SURVEYOR_API_URL is not the address[^]*https:/],
    [{ SURVEYOR_API_URL: 'https://me:secret@api.example.com' }, /SURVEYOR_API_URL is not the address/],
    [{ SURVEYOR_API_URL: 'api.example.com' }, /SURVEYOR_API_URL is not the address/],
  ])('says what is wrong with the settings %j', (settings, message) => {
    const given = { SURVEYOR_API_URL: 'http://127.0.0.1:9', SURVEYOR_API_KEY: 'sk', ...settings };
    const connect = (): unknown => {
      const { remote } = parseSettings(given, projectRoot, folder);
      return remote && connectRemote(remote);
    };
    const failure = thrownBy(connect);
    expect(failure).toMatchObject({ kind: 'SETTING_INVALID', message: expect.stringMatching(message) });
    expect(failure.message).not.toContain('secret');
  });

  it('refuses a path of this machine, and says how its files get there', async () => {
    const url = 'http://127.0.0.1:9';
    mkdirSync(join(folder, 'exports'), { recursive: true });
    const { code, stderr } = await against(url, ['catalog', join(folder, 'exports')]);
    expect(code).toBe(failures.INVALID_REQUEST.exit_code);
    expect(stderr).toMatch(/is a path of this machine[^]*sourceBuckets[^]*catalog s3:\/\/bucket\/prefix/);
    expect(stderr).toContain('SURVEYOR_API_URL= ./surveyor catalog');
  });

  it.each([
    [['up'], /`up` is about the service of this machine[^]*SURVEYOR_API_URL= \.\/surveyor up/],
    [['down'], /`down` is about/],
    [['start'], /`start` is about/],
    [['seed', 'support'], /`seed` is about/],
    [['keys', 'list'], /`keys list` is about[^]*--stack/],
    [['keys', 'add', 'x', '--role', 'reader'], /`keys add` is about[^]*--stack/],
  ])('is not %j, which is about this machine alone', async (args, message) => {
    vi.stubEnv('SURVEYOR_API_URL', 'http://127.0.0.1:9');
    await expect(surveyorProgram().parseAsync(args, { from: 'user' })).rejects.toMatchObject({
      kind: 'INVALID_REQUEST',
      message: expect.stringMatching(message),
    });
  });

  it('may be one that needs no service at all', async () => {
    expect(await against('http://127.0.0.1:9', ['rules', 'orphan'])).toMatchObject({ code: 0 });
  });
});

describe('What an API elsewhere answers is told in words that help:', () => {
  const health = (version: string) => ({ status: 'ok', version, platform: 'aws', analyst: 'deterministic' });

  /** An API of a version, which answers all but its health alike. */
  const answering = (status: number, body: unknown, version = apiVersion, headers: Record<string, string> = {}) =>
    serve((request: IncomingMessage, response) =>
      request.url === '/health' ? answer(response, 200, health(version)) : answer(response, status, body, headers),
    );

  /** How a call fails. */
  const refusal = async (url: string, call: (client: ApiClient) => Promise<unknown>): Promise<Failure> => {
    const thrown = await call(connectRemote({ url, key: 'sk-of-somebody' }).client).catch((error: unknown) => error);
    if (thrown instanceof Failure) return thrown;
    throw new Error(`no failure but ${JSON.stringify(thrown)}`);
  };

  it.each([
    [
      'a key that it does not take',
      401,
      problem('UNAUTHENTICATED', 401, 'Send a valid API key in the header "Authorization: Bearer <key>".'),
      /does not take the key in SURVEYOR_API_KEY[^]*keys list --stack/,
    ],
    [
      'a key without the role',
      403,
      problem('FORBIDDEN', 403, 'The key "me" has the role auditor; this needs operator. Use a key that has it.'),
      /The key "me" has the role auditor; this needs operator\. Use a key that has it\. This one is in SURVEYOR_API_KEY/,
    ],
    [
      'too many requests',
      429,
      problem('RATE_LIMITED', 429, 'The key "me" may send 600 requests a minute. Come again in 7 s.'),
      /Come again in 7 s/,
    ],
    [
      'an error of its own',
      500,
      problem('INTERNAL', 500, 'Something in Surveyor went wrong; the log has it under the request id r-1.'),
      /under the request id r-1\.$/m,
    ],
  ])('%s', async (_, status, body, message) => {
    const failure = await refusal(await answering(status, body), (client) => client.listRuns());
    expect(failure).toMatchObject({ kind: body.kind, message: expect.stringMatching(message) });
  });

  it('an older version, where it does not know a route or its answer is not understood', async () => {
    const gateway = problem('NOT_FOUND', 404, 'No route has this path and method; /openapi.json lists them all.');
    const unknown = await refusal(await answering(404, gateway, '0.0.9'), (client) => client.listSchedules());
    expect(unknown).toMatchObject({ kind: 'NOT_FOUND' });
    expect(unknown.message).toContain(`runs version 0.0.9, and this command line is of ${apiVersion}`);
    const answered = await answering(200, { runs: [{ id: 7 }] }, '0.0.9');
    const strange = await refusal(answered, (client) => client.listRuns());
    expect(strange).toMatchObject({ kind: 'INTERNAL' });
    expect(strange.message).toMatch(/runs version 0\.0\.9, and this command line/);
  });

  it('a run that is not there, which is no matter of versions', async () => {
    const report = { where: 'path.id', advice: { kind: 'see_runs' } } as const;
    const missing = await answering(404, problem('NOT_FOUND', 404, 'There is no such run.', report), '0.0.9');
    const failure = await refusal(missing, (client) => client.getRun({ id: runId }));
    expect(failure).toMatchObject({ kind: 'NOT_FOUND', message: 'There is no such run.', ...report });
  });

  it('when to come again after too many requests', async () => {
    const body = problem('RATE_LIMITED', 429, 'Come again.');
    const limited = await answering(429, body, apiVersion, { 'retry-after': '7' });
    expect(await refusal(limited, (client) => client.listRuns())).toMatchObject({ retryAfter: 7 });
  });

  it('an address without its stage, or of something else', async () => {
    const url = await serve((_, response) => answer(response, 403, { message: 'Forbidden' }));
    const { kind, message } = await refusal(url, (client) => client.listRuns());
    expect(kind).toBe('SERVICE_UNREACHABLE');
    expect(message).toMatch(/No Surveyor answers at http[^]*ApiUrl[^]*with the stage at its end/);
  });

  it.each([
    [/nobody listens there/, undefined],
    [/its name (is not known|could not be looked up)/, 'https://surveyor.invalid/v1'],
    [/cannot be reached: bad port/, 'http://127.0.0.1:9'],
  ])('an address where nobody is: %s', async (message, url) => {
    const failure = await refusal(url ?? (await nowhere()), (client) => client.listRuns());
    expect(failure).toMatchObject({ kind: 'SERVICE_UNREACHABLE', message: expect.stringMatching(message) });
    // There is nothing to start on this machine.
    expect(failure.advice).toBeUndefined();
  });
});

describe('A certificate', () => {
  let authority: PrivateAuthority;
  const file = join(folder, 'authority.pem');
  beforeAll(async () => {
    authority = await createPrivateAuthority();
    writeFileSync(file, authority.certificate);
  });

  const ask = async (wanted: Parameters<PrivateAuthority['issue']>[0], more: Readonly<Record<string, string>>) => {
    const url = await serveSecurely(await authority.issue(wanted), (_, response) =>
      answer(response, 200, { runs: [] }),
    );
    return against(url, ['runs'], more);
  };

  it('of a private authority is taken with NODE_EXTRA_CA_CERTS, and named as what is wrong without', async () => {
    expect(await ask({}, { NODE_EXTRA_CA_CERTS: file })).toMatchObject({ code: 0, stderr: '' });
    const refused = await ask({}, {});
    expect(refused.code).toBe(failures.SERVICE_UNREACHABLE.exit_code);
    expect(refused.stderr).toMatch(/signed by nobody whom this machine trusts[^]*NODE_EXTRA_CA_CERTS/);
  });

  it('that has expired, or is for another name, is refused as that', async () => {
    const trusted = { NODE_EXTRA_CA_CERTS: file };
    expect((await ask({ hours: -2 }, trusted)).stderr).toContain('its certificate has expired');
    expect((await ask({ name: 'other.example.com' }, trusted)).stderr).toContain('its certificate is for another name');
  });

  it('is not what a server without TLS has', async () => {
    const plain = await serve((_, response) => answer(response, 200, { runs: [] }));
    expect((await against(plain.replace('http:', 'https:'), ['runs'])).stderr).toMatch(/does not speak TLS/);
  });
});

describe('Reports of an API elsewhere', () => {
  const report = { ...routeExamples.readReport.answer, agent: 'cataloging' };
  const view = endedRun({
    console: {
      executions: ['https://eu-central-1.console.aws.amazon.com/states/home#/v2/executions/details/arn-of-it'],
      logs: 'https://eu-central-1.console.aws.amazon.com/cloudwatch/home#logs',
    },
  });

  /** An API that sends on to a store for its reports. */
  const sendingOn = (store: string) =>
    serve((request, response) => {
      const { url = '' } = request;
      if (url.includes('/reports/')) return answer(response, 307, '', { location: `${store}${url}?signature=x` });
      if (url.endsWith('/steps')) return answer(response, 200, { steps: [] });
      if (url.startsWith('/runs?')) return answer(response, 200, { runs: [summaryOf()] });
      return answer(response, 200, view);
    });
  const summaryOf = () => {
    const { agents: _agents, totals: _totals, console: _console, ...summary } = view;
    return summary;
  };

  it('lie in its bucket, as `run` says, beside the addresses of its executions in the console', async () => {
    const url = await sendingOn('http://127.0.0.1:9');
    const { stdout } = await against(url, ['run', runId]);
    expect(stdout).toContain(`  cataloging  ${view.reports[0]?.html_key}\n`);
    expect(stdout).toContain(`To read them: ./surveyor report ${runId} --save <folder>`);
    expect(stdout).toContain(`  execution  ${view.console?.executions[0]}\n`);
    expect(stdout).toContain(`  log        ${view.console?.logs}`);
    expect(stdout).not.toContain(home);
  });

  it('are fetched by the link that the API sends on to, which is sent no key', async () => {
    const keys: (string | undefined)[] = [];
    const store = await serve((request, response) => {
      keys.push(request.headers.authorization);
      const isPage = request.headers.accept === 'text/html';
      answer(response, 200, isPage ? `<!doctype html>${request.url}` : report);
    });
    const url = await sendingOn(store);
    const into = join(folder, 'reports');
    const { code, stdout } = await against(url, ['report', '--save', into]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: ['cataloging.html', 'cataloging.json', 'summary.html', 'summary.json']
        .map((name) => `${join(into, name)}\n`)
        .join(''),
    });
    expect(readFileSync(join(into, 'summary.html'), 'utf8')).toContain(`/runs/${runId}/reports/summary?signature=x`);
    expect(JSON.parse(readFileSync(join(into, 'cataloging.json'), 'utf8'))).toEqual(report);
    const data = await against(url, ['report', runId, 'cataloging', '--json']);
    expect(JSON.parse(data.stdout)).toEqual(report);
    expect(keys).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('say so where their store cannot be reached, or refuses the link', async () => {
    const unreachable = await against(await sendingOn(await nowhere()), ['report', '--save', folder]);
    expect(unreachable.code).toBe(failures.SERVICE_UNREACHABLE.exit_code);
    expect(unreachable.stderr).toMatch(
      /The API answers, and sends on to a report[^]* at 127\.0\.0\.1:\d+, [^]*: nobody listens there/,
    );
    const store = await serve((_, response) => answer(response, 403, '<Error><Code>AccessDenied</Code></Error>'));
    const refused = await against(await sendingOn(store), ['report', '--save', folder]);
    expect(refused.code).toBe(failures.STORAGE_FAILED.exit_code);
    expect(refused.stderr).toMatch(/refused it with 403[^]*ask again/);
  });
});
