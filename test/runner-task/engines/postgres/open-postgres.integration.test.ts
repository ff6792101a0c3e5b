import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { connect } from '../../../../runner-task/supervisor/engines/postgres/connect.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { postgresPassword, startPostgres, type PostgresServer } from '../../../support/postgres-server.ts';
import { freePort } from '../../../support/private-server.ts';
import { limits, openAs, outcomeOf, targetOf } from './postgres-target.ts';

type Certificates = { readonly ca: string; readonly cert: string; readonly key: string };

/** An authority of its own, and a certificate that it signed for the name localhost alone. */
const makeCertificates = (): Certificates => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-ca-'));
  const openssl = (...args: readonly string[]): unknown =>
    execFileSync('openssl', [...args], { cwd: folder, stdio: 'ignore' });
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  try {
    const self = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
    openssl(...self, '-subj', '/CN=Test authority', '-keyout', 'ca.key', '-out', 'ca.pem');
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', 'key.pem', '-out', 'request');
    writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost');
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
    openssl('x509', '-req', '-in', 'request', ...signed, '-out', 'cert.pem');
    return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

describe.skipIf(isMissing('postgres'))('a PostgreSQL server', () => {
  let plain: PostgresServer;
  let secured: PostgresServer;
  let certificates: Certificates;
  let other: Certificates;

  beforeAll(async () => {
    certificates = makeCertificates();
    other = makeCertificates();
    [plain, secured] = await Promise.all([startPostgres(), startPostgres({ certificate: certificates })]);
    for (const server of [plain, secured]) {
      await server.run(`
        CREATE TABLE orders (id int PRIMARY KEY);
        CREATE ROLE reader LOGIN PASSWORD 'only reads'; GRANT SELECT ON orders TO reader;`);
      await server.run('CREATE DATABASE closed');
      await server.run('REVOKE CONNECT ON DATABASE closed FROM PUBLIC');
    }
  });
  afterAll(async () => {
    await Promise.all([plain?.stop(), secured?.stop()]);
  });

  /** Has the server read its settings anew. */
  const reload = ({ folder }: PostgresServer): void => {
    const [pid = ''] = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGHUP');
  };
  const reader = { user: 'reader', password: 'only reads' } as const;
  /** Whether the session of an open database is encrypted, as the server sees it. */
  const isEncrypted = async (server: PostgresServer, more: Parameters<typeof openAs>[1]): Promise<boolean> => {
    const engine = await openAs(server, { ...reader, ...more });
    try {
      await engine.run('SELECT 1', limits);
      // pg_stat_ssl is not among what a statement may read, so the superuser looks.
      return await server
        .run(
          `DO $$ BEGIN ASSERT (SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
           WHERE query LIKE '%surveyor_statement%' AND pid <> pg_backend_pid() ORDER BY backend_start DESC LIMIT 1), 'plain'; END $$`,
        )
        .then(() => true)
        .catch((error: Error) => {
          if (error.message === 'plain') return false;
          throw error;
        });
    } finally {
      await engine.close();
    }
  };

  describe('is spoken to', () => {
    it('in clear with disable, encrypted with prefer and require where the server can', async () => {
      expect(await isEncrypted(secured, { tls: 'disable' })).toBe(false);
      expect(await isEncrypted(secured, { tls: 'prefer' })).toBe(true);
      expect(await isEncrypted(secured, { tls: 'require' })).toBe(true);
      expect(await isEncrypted(plain, { tls: 'prefer' })).toBe(false);
      expect(await outcomeOf(openAs(plain, { ...reader, tls: 'require' }))).toMatch(
        /^DATABASE_UNREACHABLE: .*offers no TLS.*sslmode=require/,
      );
    });

    it('with the login bound to the channel where that is asked for, or not at all', async () => {
      const bound = { ...reader, tls: 'prefer', channel_binding: 'require' } as const;
      expect(await isEncrypted(secured, bound)).toBe(true);
      expect(await outcomeOf(openAs(plain, bound))).toMatch(
        /^DATABASE_REFUSED: .*channel_binding=require asks for that.*SCRAM-SHA-256/,
      );
    });

    it('with prefer and require whatever certificate was given, as these look at none', async () => {
      for (const tls of ['prefer', 'require'] as const) {
        expect(await isEncrypted(secured, { tls, ca: other.ca })).toBe(true);
      }
    });

    it('with verify-ca where the given authority signed, whatever the host is called', async () => {
      const { ca } = certificates;
      expect(await isEncrypted(secured, { tls: 'verify-ca', ca })).toBe(true);
      const verify = (more: object): Promise<string> =>
        outcomeOf(openAs(secured, { ...reader, tls: 'verify-ca', ...more }));
      expect(await verify({ ca: other.ca })).toMatch(/^DATABASE_UNREACHABLE: .*signed by nobody trusted.*did not sign/);
      expect(await verify({})).toMatch(/^DATABASE_UNREACHABLE: .*signed by nobody trusted.*as sslrootcert/);
      expect(await verify({ ca: 'no certificate' })).toMatch(/^DATABASE_UNREACHABLE: .*sslrootcert/);
    });

    it('with verify-full where the certificate also names the host', async () => {
      const { ca } = certificates;
      expect(await isEncrypted(secured, { tls: 'verify-full', ca, host: 'localhost' })).toBe(true);
      // By its address it is another name: Node alone would compare the certificate with "localhost", and be content.
      expect(await outcomeOf(openAs(secured, { ...reader, tls: 'verify-full', ca }))).toMatch(
        /^DATABASE_UNREACHABLE: .*for another name.*verify-ca/,
      );
    });

    it('with TLS too where a statement is to be ended', async () => {
      const { ca } = certificates;
      const engine = await openAs(secured, { ...reader, tls: 'verify-full', ca, host: 'localhost' });
      const watcher = await connect(targetOf(secured));
      const isBusy = async (): Promise<boolean> => {
        const sql = `SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%generate_series%'
                     AND pid <> pg_backend_pid()`;
        return (await watcher.ask(z.object({ pid: z.number() }), sql)).length > 0;
      };
      const endless =
        'SELECT count(*) FROM generate_series(1, 10000000) a, generate_series(1, 10000000) b WHERE a = b % 7';
      const ended = outcomeOf(engine.run(endless, { ...limits, seconds: 600 }));
      await expect.poll(isBusy).toBe(true);
      engine.interrupt();
      expect(await ended).toMatch(/^RUNNER_TIMEOUT: /);
      expect(await isBusy()).toBe(false);
      // The session itself lives on: it was the statement that was ended.
      expect((await engine.run('SELECT 1', limits)).values).toEqual([[1]]);
      await engine.close();
      watcher.destroy();
    });

    it('with prefer again in clear where the server lets nobody in with TLS', async () => {
      const rules = join(secured.folder, 'data', 'pg_hba.conf');
      const before = readFileSync(rules, 'utf8');
      try {
        writeFileSync(rules, `hostnossl all all 127.0.0.1/32 scram-sha-256\n`);
        reload(secured);
        await expect
          .poll(() => outcomeOf(openAs(secured, { ...reader, tls: 'require' })), { timeout: 10_000 })
          .toMatch(/^DATABASE_REFUSED: .*pg_hba\.conf/);
        expect(await isEncrypted(secured, { tls: 'prefer' })).toBe(false);
      } finally {
        writeFileSync(rules, before);
        reload(secured);
      }
    });
  });

  describe('that cannot be had says why, and what to do', () => {
    it.each([
      ['a wrong password', { user: 'reader', password: 'wr0ng pass' }, /^DATABASE_REFUSED: .*reader.*Check user and/],
      ['no password', { user: 'reader', password: '' }, /^DATABASE_REFUSED: .*password/],
      ['an unknown user', { user: 'nobody', password: 'wr0ng pass' }, /^DATABASE_REFUSED: .*nobody/],
      ['an unknown database', { ...reader, database: 'App' }, /^DATABASE_REFUSED: .*no database App.*case-sensitive/],
      ['a closed database', { ...reader, database: 'closed' }, /^DATABASE_REFUSED: .*GRANT CONNECT/],
      ['an unknown host', { host: 'no.such.host.invalid' }, /^DATABASE_UNREACHABLE: .*no\.such\.host\.invalid.*DNS/],
    ] as const)('of %s', async (_, more, message) => {
      const outcome = await outcomeOf(openAs(plain, more));
      expect(outcome).toMatch(message);
      for (const secret of ['wr0ng pass', 'only reads', postgresPassword]) expect(outcome).not.toContain(secret);
    });

    it('of a port where nothing listens, and of one where something else does', async () => {
      const port = await freePort();
      expect(await outcomeOf(openAs(plain, { port }))).toMatch(/^DATABASE_UNREACHABLE: .*Nothing takes connections/);
      const stranger = createServer((socket) => socket.end('220 mail.example.com ESMTP\r\n')).listen(port, '127.0.0.1');
      await once(stranger, 'listening');
      expect(await outcomeOf(openAs(plain, { port }))).toMatch(/^DATABASE_UNREACHABLE: .*PostgreSQL server listens/);
      stranger.close();
    });
  });
});
