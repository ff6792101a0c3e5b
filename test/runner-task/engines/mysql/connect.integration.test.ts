import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTo, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../../../support/is-missing.ts';
import { mariadbPassword, startMariadb, type MariadbServer } from '../../../support/mariadb-server.ts';
import { startPostgres } from '../../../support/postgres-server.ts';
import { freePort } from '../../../support/private-server.ts';
import { failureOf, limits, open } from './mysql-target.ts';

/** A signer, and certificates of it. */
const makeSigner = (folder: string, signer: string) => {
  const at = (name: string): string => join(folder, `${signer}-${name}`);
  const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
  const newKey = ['-newkey', 'rsa:2048', '-nodes', '-keyout'];
  openssl('req', '-x509', ...newKey, at('ca.key'), '-out', at('ca.pem'), '-days', '2', '-subj', `/CN=${signer}`);
  return {
    ca: readFileSync(at('ca.pem'), 'utf8'),
    certify(subjectAltName: string) {
      openssl('req', ...newKey, at('key.pem'), '-out', at('csr.pem'), '-subj', '/CN=server');
      writeFileSync(at('ext'), `subjectAltName=${subjectAltName}`);
      const signing = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('ext')];
      openssl('x509', '-req', '-in', at('csr.pem'), ...signing, '-out', at('cert.pem'), '-days', '2');
      return { cert: readFileSync(at('cert.pem'), 'utf8'), key: readFileSync(at('key.pem'), 'utf8') };
    },
  };
};

/** The cipher of a connection that could be opened; empty without TLS. */
const cipherOf = async (port: number, changes: Partial<TargetOf<'mysql'>>): Promise<unknown> => {
  const engine = await open(port, changes);
  try {
    const sql = `SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'Ssl_cipher'`;
    return (await engine.run(sql, limits)).values[0]?.[0];
  } finally {
    await engine.close();
  }
};

const messageOf = async (port: number, changes: Partial<TargetOf<'mysql'>>): Promise<string> => {
  const { kind, message } = await failureOf(open(port, changes));
  expect(message).not.toContain(mariadbPassword);
  return `${kind}: ${message}`;
};

describe.skipIf(isMissing('mariadb'))('connecting to MariaDB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-tls-'));
  let plain: MariadbServer;
  let named: MariadbServer;
  let numbered: MariadbServer;
  let ca: string;
  let otherCa: string;
  beforeAll(async () => {
    const signer = makeSigner(folder, 'signer');
    ca = signer.ca;
    otherCa = makeSigner(folder, 'other').ca;
    const certificates = [signer.certify('DNS:localhost'), signer.certify('IP:127.0.0.1')] as const;
    plain = await startMariadb();
    named = await startMariadb({ certificate: certificates[0] });
    numbered = await startMariadb({ certificate: certificates[1] });
    for (const server of [plain, named, numbered]) {
      await server.run(`CREATE TABLE t (id INT PRIMARY KEY);
        CREATE USER encrypted IDENTIFIED BY 'enc Pw-3' REQUIRE SSL; GRANT SELECT ON app.* TO encrypted;
        CREATE USER old IDENTIFIED VIA mysql_native_password USING PASSWORD('nat Pw-3'); GRANT SELECT ON app.* TO old;
        CREATE USER single IDENTIFIED BY 'one Pw-3' WITH MAX_USER_CONNECTIONS 1; GRANT SELECT ON app.* TO single;`);
    }
  });
  afterAll(async () => {
    for (const server of [plain, named, numbered]) await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('prefers TLS, and does without where the server has none', async () => {
    expect(await cipherOf(named.port, { tls: 'prefer' })).toMatch(/\w/);
    expect(await cipherOf(plain.port, { tls: 'prefer' })).toBe('');
  });

  it('does without TLS where it is told to', async () => {
    expect(await cipherOf(named.port, { tls: 'disable' })).toBe('');
  });

  it('requires TLS without looking at the certificate', async () => {
    expect(await cipherOf(named.port, { tls: 'require' })).toMatch(/\w/);
    expect(await messageOf(plain.port, { tls: 'require' })).toMatch(
      /^DATABASE_UNREACHABLE: .* offers no TLS, and sslmode=require asks for it/,
    );
  });

  it('verifies who signed the certificate, whatever name it is for', async () => {
    expect(await cipherOf(named.port, { tls: 'verify-ca', ca })).toMatch(/\w/);
    expect(await messageOf(named.port, { tls: 'verify-ca', ca: otherCa })).toMatch(
      /^DATABASE_UNREACHABLE: .* signed by nobody trusted here: .* The sslrootcert that was given did not sign it/,
    );
    expect(await messageOf(named.port, { tls: 'verify-ca' })).toMatch(/Give the signer’s certificate as sslrootcert/);
    expect(await messageOf(plain.port, { tls: 'verify-ca', ca })).toMatch(/offers no TLS/);
  });

  it('verifies in full that the certificate names the host', async () => {
    expect(await cipherOf(named.port, { tls: 'verify-full', ca, host: 'localhost' })).toMatch(/\w/);
    expect(await messageOf(named.port, { tls: 'verify-full', ca: otherCa, host: 'localhost' })).toMatch(/trusted here/);
  });

  it('verifies an address too: a certificate for "localhost" is none for 127.0.0.1', async () => {
    expect(await messageOf(named.port, { tls: 'verify-full', ca })).toMatch(
      /^DATABASE_UNREACHABLE: The certificate of 127.0.0.1:\d+ is for another name/,
    );
    expect(await cipherOf(numbered.port, { tls: 'verify-full', ca })).toMatch(/\w/);
    expect(await messageOf(numbered.port, { tls: 'verify-full', ca, host: 'localhost' })).toMatch(/another name/);
  });

  it('says that a user may have to use TLS', async () => {
    const user = { user: 'encrypted', password: 'enc Pw-3', writable_role: 'refuse' } as const;
    expect(await cipherOf(named.port, { ...user, tls: 'require' })).toMatch(/\w/);
    expect(await messageOf(named.port, { ...user, tls: 'disable' })).toMatch(
      /^DATABASE_REFUSED: .*whether it must use TLS/,
    );
  });

  it('says so where the host is not known', async () => {
    expect(await messageOf(plain.port, { host: 'nowhere.invalid' })).toMatch(
      /^DATABASE_UNREACHABLE: The host nowhere.invalid is not known here/,
    );
  });

  it('says so where nothing listens', async () => {
    expect(await messageOf(await freePort(), {})).toMatch(/^DATABASE_UNREACHABLE: Nothing takes connections at/);
  });

  it('says so where something else listens', async () => {
    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    expect(await messageOf(port, {})).toMatch(/^DATABASE_UNREACHABLE: .*Check that a MySQL or MariaDB server listens/);
    other.close();
  });

  it.skipIf(isMissing('postgres'))(
    'says so where PostgreSQL listens, which would wait for us to speak first',
    async () => {
      const postgres = await startPostgres();
      try {
        for (const tls of ['prefer', 'disable'] as const)
          expect(await messageOf(postgres.port, { tls })).toMatch(
            /^DATABASE_UNREACHABLE: A PostgreSQL server listens at 127\.0\.0\.1:\d+, .* Write postgresql:\/\//,
          );
      } finally {
        await postgres.stop();
      }
    },
  );

  it('waits for a server that greets late', async () => {
    const { port: behind } = plain;
    const late = createServer((client) => {
      setTimeout(() => {
        const server = connectTo({ host: '127.0.0.1', port: behind }, () => client.pipe(server).pipe(client));
        server.on('error', () => client.destroy());
      }, 3_000);
      client.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => late.once('listening', resolve));
    expect(await cipherOf((late.address() as AddressInfo).port, { tls: 'disable' })).toBe('');
    late.close();
  });

  it('gives up where nobody answers', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    expect(await messageOf(port, {})).toMatch(/^DATABASE_UNREACHABLE: .* did not answer within 15 s/);
    silent.close();
  });

  it('says so where the password is wrong, and names none', async () => {
    const message = await messageOf(plain.port, { password: 'wro ng-Pw:9' });
    expect(message).toMatch(/^DATABASE_REFUSED: .* refused user owner. Check user and password/);
    expect(message).not.toContain('wro ng-Pw:9');
  });

  it('says so where the database does not exist', async () => {
    expect(await messageOf(plain.port, { database: 'nope' })).toMatch(/^DATABASE_REFUSED: There is no database nope/);
  });

  it('says so where a user has no connection left', async () => {
    expect(await messageOf(plain.port, { user: 'single', password: 'one Pw-3' })).toMatch(
      /^DATABASE_REFUSED: .* has no connection left for user single/,
    );
  });

  it('logs in with mysql_native_password', async () => {
    expect(await cipherOf(plain.port, { user: 'old', password: 'nat Pw-3', writable_role: 'refuse' })).toBe('');
  });
});
