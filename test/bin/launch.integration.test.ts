import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// A clone with one package, one optional package for another platform, and an npm that installs by writing what npm writes.
const packages = {
  '': { name: 'clone' },
  'node_modules/left': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-b', optional: true },
};
const npm = (clone: string): string => `#!${process.execPath}
import * as fs from 'node:fs';
fs.appendFileSync(${JSON.stringify(join(clone, 'npm.log'))}, process.argv.slice(2).join(' ') + '\\n');
if (process.env.FAKE_NPM === 'fail') { console.error('npm error code E500'); process.exit(7); }
setTimeout(() => {
  const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
  delete packages[''];
  delete packages['node_modules/other-platform'];
  fs.mkdirSync('node_modules/node/bin', { recursive: true });
  if (process.env.FAKE_NPM !== 'no-scripts') fs.symlinkSync(${JSON.stringify(process.execPath)}, 'node_modules/node/bin/node');
  fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
}, 300);
`;
const cli = `
const [what, ...rest] = process.argv.slice(2);
if (what === 'exit') process.exit(Number(rest[0]));
if (what === 'kill') process.kill(process.pid, rest[0]);
if (what === 'wait') {
  for (const s of ['SIGTERM', 'SIGINT']) process.on(s, () => { console.log('got ' + s); setTimeout(() => process.exit(9), 50); });
  setInterval(() => {}, 1000);
  console.log('ready');
} else console.log(JSON.stringify({ args: process.argv.slice(2), flags: process.execArgv, cwd: process.cwd(), path: process.env.PATH }));
`;

let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'surveyor-launch-'));
  for (const folder of ['bin', 'path', 'tmp']) mkdirSync(join(clone, folder));
  for (const file of ['surveyor', 'bin/launch.mjs']) copyFileSync(file, join(clone, file));
  writeFileSync(join(clone, 'package.json'), '{"type":"module"}');
  writeFileSync(join(clone, 'bin', 'surveyor.ts'), cli);
  writeFileSync(join(clone, 'path', 'npm'), npm(clone), { mode: 0o755 });
  writeLock(packages);
});
afterEach(() => rmSync(clone, { recursive: true }));

const writeLock = (content: object): void =>
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages: content }));

const start = (args: readonly string[], env: Record<string, string> = {}): ChildProcess =>
  spawn(process.execPath, [join(clone, 'bin', 'launch.mjs'), ...args], {
    cwd: clone,
    env: { PATH: `${join(clone, 'path')}:/usr/bin:/bin`, TMPDIR: join(clone, 'tmp'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const ended = (
  child: ChildProcess,
): Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    let [stdout, stderr] = ['', ''];
    child.stdout?.on('data', (data) => (stdout += String(data)));
    child.stderr?.on('data', (data) => (stderr += String(data)));
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });

const launch = (args: readonly string[], env: Record<string, string> = {}) => ended(start(args, env));
const npmCalls = (): readonly string[] =>
  existsSync(join(clone, 'npm.log')) ? readFileSync(join(clone, 'npm.log'), 'utf8').trimEnd().split('\n') : [];

describe('./surveyor', () => {
  it('starts from any folder and through symbolic links, and stays in the folder of the person', async () => {
    const elsewhere = join(clone, 'tmp', 'some where');
    mkdirSync(elsewhere);
    symlinkSync('../../surveyor', join(elsewhere, 'linked'));
    symlinkSync(join(elsewhere, 'linked'), join(clone, 'tmp', 'twice'));
    const env = {
      PATH: `${join(clone, 'path')}:${dirname(process.execPath)}:/usr/bin:/bin`,
      TMPDIR: join(clone, 'tmp'),
    };
    for (const [command, cwd] of [
      ['./surveyor', clone],
      ['../../surveyor', elsewhere],
      ['./linked', elsewhere],
      ['../twice', elsewhere],
      [join(clone, 'tmp', 'twice'), join(clone, 'bin')],
    ] as const) {
      const { code, stdout } = await ended(spawn(command, ['runs', 'a b', ''], { cwd, env }));
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ args: ['runs', 'a b', ''], cwd });
    }
  });

  it('says what is missing where there is no Node', async () => {
    for (const name of ['dirname', 'readlink']) symlinkSync(`/usr/bin/${name}`, join(clone, 'path', name));
    const { code, stderr } = await ended(spawn('./surveyor', [], { cwd: clone, env: { PATH: join(clone, 'path') } }));
    expect(code).toBe(127);
    expect(stderr).toMatch(/^Surveyor needs Node 18 or later/);
  });
});

describe('the launcher', () => {
  it('installs what is missing, says so in one line, and runs the command line on the pinned Node', async () => {
    const { code, stdout, stderr } = await launch(['runs', '--limit', '3 4']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      args: ['runs', '--limit', '3 4'],
      flags: ['--disable-warning=ExperimentalWarning'],
      path: expect.stringMatching(new RegExp(`^${join(clone, 'node_modules', '.bin')}:`)),
    });
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/^Installing packages/)]);
    expect(npmCalls()).toEqual(['ci --include=dev --no-audit --no-fund --loglevel=error']);
  });

  it('does not install again, nor what somebody installed by hand', async () => {
    await launch(['runs']);
    const second = await launch(['runs']);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(npmCalls()).toHaveLength(1);
  });

  it.each([
    ['a version', { 'node_modules/left': { version: '1.0.1', integrity: 'sha512-a' } }],
    ['a hash', { 'node_modules/left': { version: '1.0.0', integrity: 'sha512-c' } }],
    ['a new package', { 'node_modules/new': { version: '1.0.0' } }],
    ['a package that went', { 'node_modules/left': undefined }],
  ])('installs again after a change of the lock file: %s', async (_, change) => {
    await launch(['runs']);
    rmSync(join(clone, 'node_modules', 'node'), { recursive: true });
    writeLock({ ...packages, ...change });
    expect(await launch(['runs'])).toMatchObject({ code: 0 });
    expect(npmCalls()).toHaveLength(2);
  });

  it('shows what npm said where it fails, what to do, and tries again the next time', async () => {
    const failed = await launch(['runs'], { FAKE_NPM: 'fail' });
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toMatch(/npm error code E500[^]*ended with 7[^]*registry can be reached/);
    expect(await launch(['runs'])).toMatchObject({ code: 0 });
  });

  it('says so where there is no npm', async () => {
    rmSync(join(clone, 'path', 'npm'));
    const failed = await launch(['runs'], { PATH: join(clone, 'path') });
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stderr).toContain('npm: spawn npm ENOENT');
  });

  it('installs once when three start together', async () => {
    const all = await Promise.all([launch(['runs']), launch(['runs']), launch(['runs'])]);
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(npmCalls()).toHaveLength(1);
    expect(readdirSync(join(clone, 'tmp'))).toEqual([]);
  });

  it('is not held up by the lock of a process that is gone', async () => {
    const first = start(['runs']);
    const over = ended(first);
    // Its lock is there from before it calls npm; killed, it cannot take it away.
    while (npmCalls().length === 0) await sleep(10);
    first.kill('SIGKILL');
    await over;
    expect(readdirSync(join(clone, 'tmp'))).toHaveLength(1);
    // The npm it left behind ends by itself.
    while (!existsSync(join(clone, 'node_modules', '.package-lock.json'))) await sleep(10);
    rmSync(join(clone, 'node_modules'), { recursive: true });
    expect(await launch(['runs'])).toMatchObject({ code: 0 });
    expect(readdirSync(join(clone, 'tmp'))).toEqual([]);
  });

  it('takes away its lock when it is told to stop', async () => {
    const child = start(['runs']);
    const over = ended(child);
    while (npmCalls().length === 0) await sleep(10);
    child.kill('SIGTERM');
    expect(await over).toMatchObject({ code: 143 });
    expect(readdirSync(join(clone, 'tmp'))).toEqual([]);
  });

  it('explains a pinned Node that its install script did not fetch', async () => {
    const failed = await launch(['runs'], { FAKE_NPM: 'no-scripts' });
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toMatch(/own Node 24[^]*ignore-scripts[^]*allowScripts/);
  });

  it('explains a pinned Node that is too old', async () => {
    await launch(['runs']);
    const node = join(clone, 'node_modules', 'node', 'bin', 'node');
    rmSync(node);
    writeFileSync(node, '#!/bin/sh\necho v20.1.0\n', { mode: 0o755 });
    expect((await launch(['runs'])).stderr).toContain('does not work here: v20.1.0');
  });

  it('runs any other command, with the project’s programs first', async () => {
    await launch(['runs']);
    mkdirSync(join(clone, 'node_modules', '.bin'));
    symlinkSync('/bin/echo', join(clone, 'node_modules', '.bin', 'say'));
    expect(await launch(['--run', 'say', 'a b', '$HOME'])).toMatchObject({ code: 0, stdout: 'a b $HOME\n' });
    expect(await launch(['--run', 'no-such-program'])).toMatchObject({
      code: 127,
      stderr: expect.stringContaining('no-such-program could not be started'),
    });
  });

  it('ends as its command ends: with its code or by its signal', async () => {
    expect(await launch(['exit', '33'])).toMatchObject({ code: 33, signal: null });
    expect(await launch(['kill', 'SIGKILL'])).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(await launch(['kill', 'SIGTERM'])).toMatchObject({ code: null, signal: 'SIGTERM' });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'passes %s on once and waits for what the command makes of it',
    async (signal) => {
      await launch(['runs']);
      const child = start(['wait']);
      child.stdout?.once('data', () => child.kill(signal));
      expect(await ended(child)).toMatchObject({ code: 9, stdout: `ready\ngot ${signal}\n` });
    },
  );
});
