import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { awaitListener, connectKernels } from '../../../runner-task/supervisor/connect-kernel.ts';
import { encodeFrame, frameReader } from '../../../runner-task/supervisor/frames.ts';
import type { HostedProcess, KernelHost } from '../../../runner-task/supervisor/kernel-host.ts';
import { startKernel } from '../../../runner-task/supervisor/kernel-process.ts';
import { workspaceLimits } from '../../../runner-task/supervisor/kernel-limits.ts';
import { kernelPython } from '../jail/jailed-session.ts';
import { startListener, type StartedListener } from './start-listener.ts';
import { isMissing } from '../../support/is-missing.ts';

const jail = { at_most: 'process', memory_bytes: 1024 ** 3 } as const;
const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe.skipIf(isMissing('linux'))('the listener of a kernels’ container', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-listener-'));
  let python: string;
  let listener: StartedListener;
  let host: KernelHost;
  beforeAll(async () => {
    chmodSync(folder, 0o755);
    python = await kernelPython();
    listener = await startListener(python, folder);
    host = connectKernels(listener.socket);
  });
  afterAll(async () => {
    await listener?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const started = async (): Promise<HostedProcess & { readonly pid: number }> => {
    const hosted = host.startKernel(jail);
    await vi.waitFor(() => expect(hosted.pid).toBeDefined(), 20_000);
    return hosted as HostedProcess & { readonly pid: number };
  };
  const call = (...messages: readonly (object | Buffer)[]): Socket => {
    const stream = connect(listener.socket);
    stream.on('error', () => undefined).resume();
    for (const message of messages) stream.write(Buffer.isBuffer(message) ? message : encodeFrame(message));
    return stream;
  };

  it.each([
    ['a message longer than any it knows', [Buffer.from([0, 0, 0x10, 1])]],
    ['an empty message', [Buffer.alloc(4)]],
    ['no JSON', [Buffer.concat([Buffer.from([0, 0, 0, 2]), Buffer.from('{n')])]],
    ['lists in lists in lists', [Buffer.concat([Buffer.from([0, 0, 0x0f, 0xf0]), Buffer.alloc(0xff0, '[')])]],
    ['no object', [[1]]],
    ['an unknown role', [{ role: 'root', id: 'a' }]],
    ['an unknown order', [{ role: 'workspace' }, { type: 'format' }]],
  ] as const)('sends away who says %s, and goes on', async (_, messages) => {
    const stream = call(...messages);
    await once(stream, 'close');
    const workspace = await host.makeWorkspace(workspaceLimits);
    expect(existsSync(workspace.folder)).toBe(true);
    await workspace.remove();
  });

  it('leaves nobody waiting who asks for a workspace that is being removed', async () => {
    for (let round = 0; round < 20; round += 1) {
      const workspace = await host.makeWorkspace(workspaceLimits);
      const asked = [workspace.remove(), workspace.empty(), workspace.remove()];
      await Promise.all(asked);
      expect(existsSync(workspace.folder)).toBe(false);
    }
  });

  it('sends away who takes the place of a part that is there, and the part too when nothing completes it', async () => {
    const first = call({ role: 'channel', id: 'same' });
    const second = call({ role: 'channel', id: 'same' });
    await once(second, 'close');
    expect(first.closed).toBe(false);
    await once(first, 'close');
  });

  it('sends away who says nothing', async () => {
    const silent = call();
    await once(silent, 'close');
    expect(silent.readableEnded).toBe(true);
  });

  it('kills a kernel, whatever it does, when the connection is closed that carries its orders', async () => {
    const control = call({ role: 'control', id: 'mine', ...jail });
    const frames = frameReader(4096);
    const message = once(control, 'data');
    for (const role of ['channel', 'output', 'watch']) call({ role, id: 'mine' });
    const [{ pid }] = frames.push((await message)[0] as Buffer) as [{ pid: number }];
    process.kill(pid, 'SIGSTOP');
    control.destroy();
    await vi.waitFor(() => expect(lives(pid)).toBe(false), 20_000);
  });

  it('says how a kernel ended', async () => {
    const killed = await started();
    killed.kill();
    expect(await killed.ended).toBe('SIGKILL');
    const left = await started();
    left.output.forEach((stream) => stream.resume());
    left.channel.end();
    expect(await left.ended).toBe('exit code 0');
  });

  it('empties and removes a workspace', async () => {
    const workspace = await host.makeWorkspace(workspaceLimits);
    writeFileSync(join(workspace.folder, 'left'), '');
    await workspace.empty();
    expect(existsSync(join(workspace.folder, 'left'))).toBe(false);
    await workspace.remove();
    expect(existsSync(workspace.folder)).toBe(false);
  });

  it('takes its kernels with it when it is killed, and the supervisor is told', async () => {
    const hosted = await started();
    const workspace = await host.makeWorkspace(workspaceLimits);
    await listener.kill();
    expect(await hosted.ended).toBe('the container of the kernels has closed its connection');
    await vi.waitFor(() => expect(lives(hosted.pid)).toBe(false), 20_000);
    // Nobody is left to ask; nothing waits for an answer.
    await workspace.empty();
    await workspace.remove();
    await expect(host.makeWorkspace(workspaceLimits)).rejects.toMatchObject({ kind: 'SANDBOX_UNAVAILABLE' });
    await expect(startKernel({ host }).hello).rejects.toMatchObject({
      kind: 'SANDBOX_UNAVAILABLE',
      message: expect.stringContaining('the container of the kernels does not answer: connect ECONNREFUSED') as string,
    });
    await expect(awaitListener(listener.socket, 0.3)).rejects.toMatchObject({ kind: 'SANDBOX_UNAVAILABLE' });
  });
});
