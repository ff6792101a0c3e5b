// x509 asks for this before it is loaded itself.
import 'reflect-metadata';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandboxCertificate } from '../../../src/adapters/aws/create-sandbox-certificate.ts';
import { callSupervisor } from '../../../src/adapters/sandbox-client.ts';
import { type SandboxCertificate, sandboxServerName } from '../../../src/contracts/sandbox-certificate.ts';
import { heldByRun } from '../../../src/contracts/sandbox.ts';
import type { RunTaskInput, StartedTask } from '../../aws/ecs/start-task.ts';
import { startSupervisorTask } from '../../aws/ecs/supervisor-task.ts';

const day = 86_400_000;
const token = 'a-token-of-the-lease-that-is-long-enough';
const holder = heldByRun('01ARZ3NDEKTSV4RRFFQ69G5FAV');
const valid = (from = Date.now() - day, to = Date.now() + day): Promise<SandboxCertificate> =>
  createSandboxCertificate({ from: new Date(from), to: new Date(to) });

const settings = {
  token_sha256: createHash('sha256').update(token).digest('hex'),
  listen: { host: '0.0.0.0', port: 8443 },
  folder: '/run/surveyor/sandbox',
  python: '/nowhere/python',
  kernel: '/nowhere/kernel',
  database_memory_bytes: 1024 ** 3,
  kernel_memory_bytes: 1024 ** 3,
  lease_seconds: 600,
  isolation_at_least: 'process',
};
const input: RunTaskInput = {
  cluster: 'surveyor',
  taskDefinition: 'sandbox',
  overrides: {
    containerOverrides: [
      {
        name: 'supervisor',
        environment: [{ name: 'SURVEYOR_SUPERVISOR_SETTINGS', value: JSON.stringify(settings) }],
      },
    ],
  },
};

const started: StartedTask[] = [];
const start = async (certificate: SandboxCertificate): Promise<string> => {
  const task = await startSupervisorTask({ python: '/nowhere/python', certificate: () => certificate })(input);
  if ('stopped' in task) throw new Error(JSON.stringify(task.stopped));
  started.push(task);
  return `https://${task.address}:8443/`;
};
const ping = (address: string, certificates: readonly string[], said = token): Promise<{ readonly leased: boolean }> =>
  callSupervisor({ address, token: said, holder }, 'ping', {}, certificates);
const lost = (reason: string) => ({ kind: 'SANDBOX_LOST', message: expect.stringContaining(reason) as string });

describe('a supervisor behind TLS', () => {
  let certificate: SandboxCertificate;
  let address: string;
  beforeAll(async () => {
    certificate = await valid();
    address = await start(certificate);
  });
  afterAll(() => Promise.all(started.map((task) => task.stop())));

  it('answers who trusts its certificate and has its token', async () => {
    expect(await ping(address, [certificate.certificate])).toEqual({ leased: false });
    await expect(ping(address, [certificate.certificate], 'x'.repeat(40))).rejects.toMatchObject({
      kind: 'UNAUTHENTICATED',
    });
  });

  it('is not believed with a certificate that is not of the deployment, nor by who knows of none', async () => {
    const other = await valid();
    await expect(ping(address, [other.certificate])).rejects.toMatchObject(lost('self-signed certificate'));
    await expect(ping(address, [])).rejects.toMatchObject(lost('no certificate of a sandbox is known'));
  });

  it('is not believed before its certificate begins, nor when it has lapsed', async () => {
    const lapsed = await valid(Date.now() - 2 * day, Date.now() - 1_000);
    await expect(ping(await start(lapsed), [lapsed.certificate])).rejects.toMatchObject(lost('expired'));
    const early = await valid(Date.now() + day, Date.now() + 2 * day);
    await expect(ping(await start(early), [early.certificate])).rejects.toMatchObject(lost('not yet valid'));
  });

  it('hangs up on plain HTTP, and a client does not speak it', async () => {
    const plain = request({ host: new URL(address).hostname, port: 8443, path: '/ping' });
    plain.end();
    await expect(once(plain, 'response')).rejects.toThrow(/hang up|reset/);
    await expect(ping(address.replace('https:', 'http:'), [certificate.certificate])).rejects.toMatchObject(
      lost('not one of TLS'),
    );
  });

  it('goes on with the certificate that it began with, while later ones have the next', async () => {
    const next = await valid();
    const later = await start(next);
    const trusted = [next.certificate, certificate.certificate];
    expect(await ping(address, trusted)).toEqual({ leased: false });
    expect(await ping(later, trusted)).toEqual({ leased: false });
    // Once the first is not on the list any more, nobody can pass for a sandbox with it.
    await expect(ping(address, [next.certificate])).rejects.toMatchObject({ kind: 'SANDBOX_LOST' });
  });

  it('starts nothing that is given the key', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'surveyor-tls-'));
    writeFileSync(join(folder, 'one.csv'), 'a\n1\n');
    const target = { engine: 'files', path: join(folder, 'one.csv') } as const;
    await callSupervisor({ address, token, holder }, 'open', { source: 'one', target }, [certificate.certificate]);
    const parentOf = (pid: string): string | undefined => {
      try {
        return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1];
      } catch {
        return undefined; // It has ended.
      }
    };
    const children = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === `${started[0]?.pid}`);
    const environments = children.map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8'));
    for (const environment of environments) expect(environment).not.toMatch(/PRIVATE KEY|SURVEYOR/);
    expect(children).not.toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

describe('a certificate of a sandbox', () => {
  it('names the sandbox alone and is no authority', async () => {
    const { key, certificate } = await valid();
    const read = new X509Certificate(certificate);
    expect(read).toMatchObject({ subjectAltName: 'DNS:sandbox.surveyor.internal', ca: false });
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(read.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  });

  it.each([
    ['is for another name, though it is on the list', 'elsewhere.internal', 'itself', 'elsewhere.internal'],
    [
      'was signed with the key of one on the list',
      sandboxServerName,
      'the other',
      'key usage does not include certificate signing',
    ],
  ])('is not believed that %s', async (_, name, signer, reason) => {
    const listed = await valid();
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const signingKey =
      signer === 'itself'
        ? keys.privateKey
        : await crypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(listed.key), algorithm, false, ['sign']);
    const forged = await X509CertificateGenerator.create({
      subject: 'CN=forged',
      issuer: signer === 'itself' ? 'CN=forged' : `CN=${sandboxServerName}`,
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey,
      extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
    });
    const pem = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
    const server = createServer({ key: pem, cert: forged.toString('pem') }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const there = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const list = signer === 'itself' ? [forged.toString('pem')] : [listed.certificate];
    await expect(ping(there, list)).rejects.toThrow(new RegExp(reason));
    server.close();
  });
});
