import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, readState } from '../../bin/commands/service-state.ts';
import { failures } from '../../src/contracts/failure.ts';

let folder: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'surveyor-life-'));
  home = join(folder, 'home');
});
afterEach(() => {
  const left = readState(home);
  if (left !== undefined && isAlive(left.pid)) process.kill(left.pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const start = (args: readonly string[], more: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'bin/surveyor.ts', ...args], {
    env: { ...process.env, SURVEYOR_HOME: home, SURVEYOR_PORT: '0', XDG_CONFIG_HOME: join(folder, 'config'), ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const ended = (child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    let [stdout, stderr] = ['', ''];
    child.stdout?.on('data', (data) => (stdout += String(data)));
    child.stderr?.on('data', (data) => (stderr += String(data)));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });

const surveyor = (args: readonly string[], more: NodeJS.ProcessEnv = {}) => ended(start(args, more));

describe('the service', () => {
  it('runs in the background from `up --detach` to `down`, and is found meanwhile', async () => {
    const up = await surveyor(['up', '--detach', '--json']);
    expect(up).toMatchObject({ code: 0, stderr: '' });
    const { url, pid } = JSON.parse(up.stdout) as { url: string; pid: number };
    expect(readState(home)).toMatchObject({ pid, port: Number(new URL(url).port) });
    expect(statSync(join(folder, 'config', 'surveyor', 'api-key')).mode & 0o077).toBe(0);

    expect(await surveyor(['up'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`up already (process ${pid})`),
    });
    expect(await surveyor(['runs'])).toMatchObject({ code: 0, stdout: expect.stringContaining('No runs yet') });

    expect(await surveyor(['down'])).toMatchObject({ code: 0, stdout: `Surveyor is down (it was process ${pid}).\n` });
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(join(home, 'service.json'))).toBe(false);
    expect(await surveyor(['down'])).toMatchObject({ code: 0, stdout: 'No service is running.\n' });
  });

  it('ends cleanly at Ctrl-C, even where npm passes it on once more', async () => {
    const child = start(['up']);
    child.stdout?.once('data', () => {
      child.kill('SIGINT');
      child.kill('SIGINT');
    });
    expect(await ended(child)).toMatchObject({ code: 0, stdout: expect.stringContaining('Ctrl-C stops it') });
    expect(existsSync(join(home, 'service.json'))).toBe(false);
  });

  it('says that its port is taken, in the background too, and lets go of its home', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const port = String((other.address() as AddressInfo).port);
    const foreground = await surveyor(['up'], { SURVEYOR_PORT: port });
    const background = await surveyor(['up', '--detach'], { SURVEYOR_PORT: port });
    await new Promise((resolve) => other.close(resolve));
    expect(foreground).toMatchObject({
      code: failures.CONFLICT.exit_code,
      stderr: expect.stringContaining(`Port ${port}`),
    });
    expect(background).toMatchObject({
      code: failures.SERVICE_UNREACHABLE.exit_code,
      stderr: expect.stringContaining(`Port ${port}`),
    });
    expect(existsSync(join(home, 'service.json'))).toBe(false);
  });
});
