import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/system-clock.ts';
import type { ListedCertificate, SandboxCertificate } from '../../src/contracts/sandbox-certificate.ts';
import type { Log } from '../../src/ports/log.ts';
import type { SandboxCertificates } from '../../src/ports/sandbox-certificates.ts';
import { renewCertificate } from '../../src/use-cases/renew-certificate.ts';

const day = 86_400_000;
const log: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };

describe('renewing the certificate of the sandboxes', () => {
  let list: readonly ListedCertificate[];
  let secret: SandboxCertificate | undefined;
  let made: number;
  let now: number;
  /** What a task that starts now shows must be what clients trust: looked at after every change. */
  let shown: boolean[];
  let beforeServing: () => Promise<void>;

  const isTrusted = (): boolean => secret === undefined || list.some((one) => one.certificate === secret?.certificate);
  const certificates: SandboxCertificates = {
    trusted: async () => list,
    async trust(before, after) {
      if (JSON.stringify(before) !== JSON.stringify(list)) return false;
      list = after;
      shown.push(isTrusted());
      return true;
    },
    served: async () => secret,
    async serve(certificate) {
      await beforeServing();
      secret = certificate;
      shown.push(isTrusted());
    },
    async create() {
      made += 1;
      return { key: `-----BEGIN PRIVATE KEY-----${made}`, certificate: `-----BEGIN CERTIFICATE-----${made}` };
    },
  };
  const ports = { certificates, clock: { ...systemClock(), now: () => new Date(now) }, log };
  const numbers = (): readonly string[] => list.map(({ certificate }) => certificate.slice(-1));

  beforeEach(() => {
    [list, secret, made, now, shown] = [[], undefined, 0, Date.UTC(2026, 0, 1), []];
    beforeServing = async () => undefined;
  });

  it('makes the first, and leaves it for thirty days', async () => {
    const first = await renewCertificate(ports);
    expect(first).toEqual({ renewed: true, lapses_at: new Date(now + 90 * day).toISOString() });
    now += 29 * day;
    expect(await renewCertificate(ports)).toEqual({ renewed: false, lapses_at: first.lapses_at });
    expect(made).toBe(1);
  });

  it('puts the new one before that of now, and drops the one before that', async () => {
    for (const expected of [['1'], ['2', '1'], ['3', '2']]) {
      await renewCertificate(ports);
      expect(numbers()).toEqual(expected);
      expect(secret?.certificate.slice(-1)).toBe(expected[0]);
      now += 31 * day;
    }
    expect(shown).not.toContain(false);
  });

  it('renews at once for who asks for it', async () => {
    await renewCertificate(ports);
    now += 60_000;
    expect(await renewCertificate(ports, { now: true })).toMatchObject({ renewed: true });
    expect(numbers()).toEqual(['2', '1']);
  });

  it('keeps all that tasks may show, however often it is renewed in a day', async () => {
    for (const expected of [['1'], ['2', '1'], ['3', '2', '1']]) {
      await renewCertificate(ports, { now: true });
      expect(numbers()).toEqual(expected);
      now += 60 * 60_000;
    }
    now += day;
    await renewCertificate(ports, { now: true });
    expect(numbers()).toEqual(['4', '3']);
  });

  it('makes good what was broken off before the new one was served, and never serves what is not trusted', async () => {
    await renewCertificate(ports);
    now += 31 * day;
    beforeServing = async () => {
      throw new Error('killed');
    };
    await expect(renewCertificate(ports)).rejects.toThrow('killed');
    expect([numbers(), secret?.certificate.slice(-1)]).toEqual([['2', '1'], '1']);
    beforeServing = async () => undefined;
    // It may be under way still.
    now += 5 * 60_000;
    expect(await renewCertificate(ports)).toMatchObject({ renewed: false });
    now += 11 * 60_000;
    expect(await renewCertificate(ports)).toMatchObject({ renewed: true });
    expect([numbers(), secret?.certificate.slice(-1)]).toEqual([['3', '1'], '3']);
    expect(shown).not.toContain(false);
  });

  it('is done by one of two at once', async () => {
    const both = await Promise.all([renewCertificate(ports), renewCertificate(ports)]);
    expect(both.filter(({ renewed }) => renewed)).toHaveLength(1);
    expect(shown).not.toContain(false);
    expect(numbers()).toEqual([secret?.certificate.slice(-1)]);
  });
});
