import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { createSandboxCertificate } from '../../../src/adapters/aws/create-sandbox-certificate.ts';
import {
  certificateFromEnvironment,
  settingsFromEnvironment,
  settingsFromInput,
} from '../../../runner-task/supervisor/read-settings.ts';

const settings = {
  token_sha256: createHash('sha256').update('a token').digest('hex'),
  listen: { host: '0.0.0.0', port: 8443 },
  folder: '/run/surveyor/sandbox',
  python: '/opt/python/bin/python',
  kernel: '/opt/surveyor/runner-task/kernel',
  kernel_socket: '/run/surveyor/kernels.socket',
  database_memory_bytes: 1024 ** 3,
  kernel_memory_bytes: 1024 ** 3,
  lease_seconds: 3_600,
  isolation_at_least: 'full',
};

describe('the settings of a supervisor', () => {
  it('are the same from standard input and from the environment, where nothing of them stays', async () => {
    const environment = { SURVEYOR_SUPERVISOR_SETTINGS: JSON.stringify(settings), TZ: 'UTC' };
    expect(settingsFromEnvironment(environment)).toEqual(settings);
    expect(environment).toEqual({ TZ: 'UTC' });
    const lines = createInterface({ input: Readable.from([`${JSON.stringify(settings)}\nnot read\n`]) });
    expect(await settingsFromInput(lines)).toEqual(settings);
  });

  it.each([
    ['missing', undefined, 'is not set'],
    ['no JSON', '{', 'are not JSON'],
    ['a token instead of its digest', JSON.stringify({ ...settings, token_sha256: 'a token' }), 'token_sha256'],
    ['more than there is', JSON.stringify({ ...settings, token: 'a token' }), 'Unrecognized key: "token"'],
  ])('are refused when they are %s', (_, text, said) => {
    const environment = text === undefined ? {} : { SURVEYOR_SUPERVISOR_SETTINGS: text };
    expect(() => settingsFromEnvironment(environment)).toThrow(said);
  });
});

describe('the key and certificate of a supervisor', () => {
  const valid = createSandboxCertificate({ from: new Date(), to: new Date(Date.now() + 86_400_000) });

  it('come from the environment, where nothing of them stays, or are not there', async () => {
    const environment = { SURVEYOR_SUPERVISOR_TLS: JSON.stringify(await valid), TZ: 'UTC' };
    expect(certificateFromEnvironment(environment)).toEqual(await valid);
    expect(environment).toEqual({ TZ: 'UTC' });
    expect(certificateFromEnvironment(environment)).toBeUndefined();
  });

  it('are refused without a word of theirs when they are broken or do not belong together', async () => {
    const other = await createSandboxCertificate({ from: new Date(), to: new Date(Date.now() + 86_400_000) });
    const { key, certificate } = await valid;
    for (const text of [
      `{"key": "${key.slice(0, 60)}`,
      JSON.stringify({ key: certificate, certificate }),
      JSON.stringify({ key: other.key, certificate }),
    ]) {
      const environment = { SURVEYOR_SUPERVISOR_TLS: text };
      expect(() => certificateFromEnvironment(environment)).toThrow(
        'SURVEYOR_SUPERVISOR_TLS is not a key and its certificate. Give JSON with "key" and "certificate", both PEM.',
      );
      expect(environment).toEqual({});
    }
  });
});
