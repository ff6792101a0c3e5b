import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failures } from '../../src/contracts/failure.ts';
import type { RunView } from '../../src/contracts/run.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { createPrivateAuthority, type ServerIdentity } from '../support/private-authority.ts';
import { runSurveyor } from '../support/run-surveyor.ts';

/** The service behind TLS, as a gateway has it: under a stage, by a certificate of an authority of somebody's own. */
const serveBehindTls = async (identity: ServerIdentity, service: string): Promise<Server> => {
  const { hostname, port, host } = new URL(service);
  const server = createServer(identity, (incoming, outgoing) => {
    const path = (incoming.url ?? '').replace(/^\/v1/, '');
    const headers = { ...incoming.headers, host };
    const onwards = request({ hostname, port, path, method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onwards);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

/** A machine with nothing of Surveyor in its home, whose command line speaks to a service elsewhere over TLS. */
describe('The command line of another machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-elsewhere-'));
  let local: LocalService;
  let gateway: Server;
  let env: Readonly<Record<string, string | undefined>>;

  beforeAll(async () => {
    const authority = await createPrivateAuthority();
    writeFileSync(join(folder, 'authority.pem'), authority.certificate);
    local = await startLocalService();
    gateway = await serveBehindTls(await authority.issue(), local.service.url);
    writeFileSync(join(folder, 'key'), `${local.service.apiKey}\n`, { mode: 0o600 });
    env = {
      PATH: process.env['PATH'],
      HOME: join(folder, 'home'),
      SURVEYOR_HOME: join(folder, 'home', 'data'),
      SURVEYOR_API_URL: `https://127.0.0.1:${(gateway.address() as AddressInfo).port}/v1/`,
      SURVEYOR_API_KEY_FILE: join(folder, 'key'),
      NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem'),
      NO_COLOR: '1',
    };
  });
  afterAll(async () => {
    await new Promise((resolve) => gateway.close(resolve));
    await local.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const surveyor = (args: readonly string[], input = '') => runSurveyor(args, env, { input });
  const data = async <T>(...args: readonly string[]): Promise<T> => {
    const { code, stdout, stderr } = await surveyor([...args, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as T;
  };

  it('surveys, follows, and reads the reports, with nothing left in its own home', async () => {
    const surveyed = await surveyor(['catalog', 'support', '--watch', '--prefix', 'reports/first']);
    expect(surveyed.code).toBe(0);
    expect(surveyed.stderr).toContain('Surveying support → reports/first');
    const id = /Run (\w{26}) succeeded/.exec(surveyed.stdout)?.[1] ?? '';
    expect(surveyed.stdout).toContain(`To read them: ./surveyor report ${id} --save <folder>`);

    expect((await surveyor(['runs'])).stdout).toMatch(new RegExp(`^${id} +succeeded +support +reports/first`, 'm'));
    const shown = await data<{ run: RunView; steps: unknown[] }>('run', id);
    expect(shown.run).toMatchObject({ run_id: id, status: 'succeeded' });
    expect(shown.steps.length).toBeGreaterThan(5);
    expect((await data<{ entries: unknown[] }>('logs', id)).entries.length).toBeGreaterThan(0);
    expect((await data<{ findings: unknown[] }>('findings', id)).findings).toEqual(
      (await local.api.listFindings({ id, limit: 500 })).findings,
    );

    const into = join(folder, 'reports');
    expect((await surveyor(['report', id, '--save', into])).code).toBe(0);
    for (const { agent, html_key } of shown.run.reports) {
      expect(readFileSync(join(into, `${agent}.html`), 'utf8')).toBe(
        readFileSync(local.service.reportFile(html_key), 'utf8'),
      );
      expect(JSON.parse(readFileSync(join(into, `${agent}.json`), 'utf8'))).toEqual(await data('report', id, agent));
    }
    expect(existsSync(join(folder, 'home'))).toBe(false);
  });

  it('stops a run, and goes on with it', async () => {
    const begun = await data<{ run_id: string }>('catalog', 'ecommerce', '--prefix', 'reports/second');
    const id = begun.run_id;
    expect(await data('cancel', id)).toMatchObject({ run_id: id });
    expect(await local.ended(id)).toMatchObject({ status: 'cancelled' });
    const resumed = await surveyor(['resume', id, '--watch']);
    expect(resumed).toMatchObject({ code: 0, stdout: expect.stringContaining(`Run ${id} succeeded`) });
    expect(await surveyor(['resume', id])).toMatchObject({ code: failures.CONFLICT.exit_code });
  });

  it('keeps credentials and schedules there', async () => {
    const text = 'postgresql://reader:secret@127.0.0.1:1/shop';
    expect(await surveyor(['connections', 'add', 'shop'], text)).toMatchObject({ code: 0 });
    expect(await surveyor(['connections', 'test', 'shop'])).toMatchObject({
      code: failures.DATABASE_UNREACHABLE.exit_code,
    });
    expect(await data('connections', 'show', 'shop')).toMatchObject({ name: 'shop', test: { status: 'failed' } });
    await data('schedules', 'add', 'nightly', 'connection:shop', '--cron', '0 2 * * ? *', '--paused');
    expect(await data('schedules', 'list')).toMatchObject({ schedules: [{ name: 'nightly', paused: true }] });
    expect((await local.api.listSchedules()).schedules.map(({ name }) => name)).toEqual(['nightly']);
    await data('schedules', 'delete', 'nightly');
    await data('connections', 'remove', 'shop');
    expect((await local.api.listConnections()).connections).toEqual([]);
  });

  it('is told of a key that was revoked, and left alone by a service of this machine', async () => {
    const refused = await runSurveyor(['runs'], { ...env, SURVEYOR_API_KEY: `sk-surveyor-${'x'.repeat(43)}` });
    expect(refused.code).toBe(failures.UNAUTHENTICATED.exit_code);
    expect(refused.stderr).toMatch(/does not take the key in SURVEYOR_API_KEY:/);
    expect(existsSync(join(folder, 'home'))).toBe(false);
  });
});
