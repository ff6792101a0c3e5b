import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { ensurePythonEnvironment } from '../../../src/adapters/local/python-environment.ts';

const pinned = readFileSync(
  fileURLToPath(new URL('../../../runner-task/kernel/requirements.txt', import.meta.url)),
  'utf8',
);
/** One small package as the kernel pins it, instead of all: a minute less. */
const parsy = /^parsy==(?:.*\\\n)+.*\n/m.exec(pinned)?.[0] ?? '';

describe('the Python environment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-python-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const cache = (): string => mkdtempSync(join(folder, 'cache-'));
  const requirements = (text: string): string => {
    const file = join(mkdtempSync(join(folder, 'requirements-')), 'requirements.txt');
    writeFileSync(file, text);
    return file;
  };
  const ensure = (cacheDir: string, requirementsFile: string, said: string[] = [], python?: string): Promise<string> =>
    ensurePythonEnvironment({
      cacheDir,
      requirementsFile,
      python,
      modules: ['parsy'],
      onProgress: (message) => said.push(message),
    });
  /** A command that behaves as a Python of that version, without venv. */
  const pretend = (version: string): string => {
    const file = join(mkdtempSync(join(folder, 'bin-')), 'python');
    writeFileSync(file, `#!/bin/sh\ncase "$3" in *version_info*) echo ${version};; *) exit 1;; esac\n`);
    chmodSync(file, 0o755);
    return file;
  };

  it('is made once, with progress, even when two want it at the same time', { timeout: 300_000 }, async () => {
    const cacheDir = cache();
    const file = requirements(parsy);
    const said: string[] = [];
    const [one, two] = await Promise.all([ensure(cacheDir, file, said), ensure(cacheDir, file, said)]);
    expect(one).toBe(two);
    expect(said.filter((message) => message.startsWith('Making'))).toHaveLength(1);
    expect(said).toContain('Fetching parsy (1 of at most 1 packages)');
    expect(execFileSync(one, ['-I', '-c', 'import parsy; print(parsy.__name__)']).toString()).toBe('parsy\n');

    const saidLater: string[] = [];
    expect(await ensure(cacheDir, file, saidLater)).toBe(one);
    expect(saidLater).toEqual([]);
    // Nothing but the environment and the lock.
    expect(readdirSync(cacheDir).map((name) => name.replace(/[0-9a-f]{16}/, ''))).toEqual(['python-', 'python-.lock']);
  });

  it('holds only what has the pinned hash, and leaves nothing half-made', { timeout: 300_000 }, async () => {
    const cacheDir = cache();
    const forged = parsy.replaceAll(/sha256:[0-9a-f]{8}/g, 'sha256:00000000');
    await expect(ensure(cacheDir, requirements(forged))).rejects.toMatchObject({
      kind: 'SETTING_INVALID',
      message: expect.stringMatching(/could not be installed.*HASH/is) as string,
    });
    expect(readdirSync(cacheDir).filter((name) => !name.endsWith('.lock'))).toEqual([]);
  });

  it('says which Python it found wanting, and what to do', async () => {
    const reasonWith = (python: string): Promise<unknown> =>
      ensure(cache(), requirements(parsy), [], python).catch(({ message }: Error) => message);
    expect(await reasonWith(pretend('3.9'))).toMatch(/Python 3\.11 or newer.*Python 3\.9.*too old.*SURVEYOR_PYTHON/);
    expect(await reasonWith(pretend('3.12'))).toMatch(/without venv.*apt install python3\.12-venv/);
    expect(await reasonWith(join(folder, 'nowhere'))).toMatch(/not found/);
    expect(await reasonWith('/bin/false')).toMatch(/does not run/);
  });
});
