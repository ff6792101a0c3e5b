import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fargateCalls } from '../../../../src/adapters/aws/fargate/call-sandbox.ts';
import { sandboxCertificates } from '../../../../src/adapters/aws/sandbox-certificates.ts';
import { type TrustedCertificates, trustedCertificates } from '../../../../src/adapters/aws/trusted-certificates.ts';
import { systemClock } from '../../../../src/adapters/system-clock.ts';
import { heldByRun } from '../../../../src/contracts/sandbox.ts';
import type { Log } from '../../../../src/ports/log.ts';
import type { SandboxCertificates } from '../../../../src/ports/sandbox-certificates.ts';
import { renewCertificate } from '../../../../src/use-cases/renew-certificate.ts';
import { leaveOut } from '../../../support/is-missing.ts';
import { findMiniStack, type MiniStack, startMiniStack } from '../ministack.ts';
import { createPlainTable } from './fargate-subject.ts';

const found = await findMiniStack();
const log: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };
const lease = {
  tenant: 'acme',
  holder: heldByRun('01ARZ3NDEKTSV4RRFFQ69G5FAV'),
  attempt: 1,
  lease_id: 'l',
  token: 'x'.repeat(43),
};

describe.skipIf('missing' in found && leaveOut('emulator', found.missing))(
  'certificates of the sandboxes on AWS',
  () => {
    let ministack: MiniStack;
    let secrets: SecretsManagerClient;
    let list: TrustedCertificates;
    let certificates: SandboxCertificates;
    let now = Date.now() - 40 * 86_400_000;
    const renew = () => renewCertificate({ certificates, clock: { ...systemClock(), now: () => new Date(now) }, log });

    beforeAll(async () => {
      if ('missing' in found) return;
      ministack = await startMiniStack(found.python);
      secrets = new SecretsManagerClient(ministack.client);
      list = trustedCertificates({ client: await createPlainTable(ministack.client, 'surveyor'), table: 'surveyor' });
      await secrets.send(new CreateSecretCommand({ Name: 'tls' }));
      certificates = sandboxCertificates({ secrets, secret: 'tls', list });
    });
    afterAll(() => ministack.stop());

    it('are made in an empty secret, whole, and listed', async () => {
      expect([await certificates.served(), await certificates.trusted()]).toEqual([undefined, []]);
      expect(await renew()).toMatchObject({ renewed: true });
      const served = await certificates.served();
      const [listed] = await certificates.trusted();
      expect(listed?.certificate).toBe(served?.certificate);
      const read = new X509Certificate(served?.certificate ?? '');
      expect(read.checkPrivateKey(createPrivateKey(served?.key ?? ''))).toBe(true);
      expect(new Date(read.validTo).getTime()).toBe(Math.floor(Date.parse(listed?.lapses_at ?? '') / 1000) * 1000);
    });

    it('replace the list only for who has read it', async () => {
      const read = await list.read();
      const other = [{ certificate: 'x', listed_at: new Date(0).toISOString(), lapses_at: new Date(1).toISOString() }];
      expect(await list.replace(other, [])).toBe(false);
      const both = await Promise.all([list.replace(read, read.slice()), list.replace(read, read.slice())]);
      expect(both).toContain(true);
      expect(await list.read()).toEqual(read);
    });

    it('are trusted by who read the list before they were renewed, and those before by who reads it after', async () => {
      const serve = async (): Promise<{ readonly server: Server; readonly address: string }> => {
        const { key = '', certificate = '' } = (await certificates.served()) ?? {};
        const server = createServer({ key, cert: certificate }, (_, response) => response.end('{"leased":true}'));
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        return { server, address: `https://127.0.0.1:${(server.address() as AddressInfo).port}/` };
      };
      const calls = fargateCalls({ list });
      const old = await serve();
      expect(await calls.call({ ...lease, address: old.address }, 'ping', {})).toEqual({ leased: true });
      now = Date.now();
      expect(await renew()).toMatchObject({ renewed: true });
      const young = await serve();
      for (const { address } of [young, old])
        expect(await calls.call({ ...lease, address }, 'ping', {})).toEqual({ leased: true });
      expect(await fargateCalls({ list }).call({ ...lease, address: old.address }, 'ping', {})).toEqual({
        leased: true,
      });
      const renewAt = (later: number) =>
        renewCertificate(
          { certificates, clock: { ...systemClock(), now: () => new Date(now + later) }, log },
          { now: true },
        );
      // A task of before may live for a day yet, and is lost to clients from the first renewal after that.
      await renewAt(1);
      expect(await fargateCalls({ list }).call({ ...lease, address: old.address }, 'ping', {})).toEqual({
        leased: true,
      });
      await renewAt(2 * 86_400_000);
      await expect(
        fargateCalls({ list }).call({ ...lease, address: old.address }, 'evidence', { after: 0 }),
      ).rejects.toMatchObject({ kind: 'SANDBOX_LOST' });
      for (const { server } of [old, young]) server.close();
    });

    it('are made anew where the secret holds something else', async () => {
      await secrets.send(new PutSecretValueCommand({ SecretId: 'tls', SecretString: 'nonsense' }));
      expect(await certificates.served()).toBeUndefined();
      now += 3 * 86_400_000;
      expect(await renew()).toMatchObject({ renewed: true });
      expect(await certificates.served()).toBeDefined();
    });
  },
);
