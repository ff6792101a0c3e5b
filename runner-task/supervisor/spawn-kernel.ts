import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { HostedProcess, JailSettings, KernelHost, Workspace } from './kernel-host.ts';
import { watchMemory } from './memory-watch.ts';
import { sweepLeftFiles } from './sweep-left-files.ts';
import { removeHostileFolder, watchWorkspace, workspaceExcess } from './workspace-watch.ts';
import { wholeMilliseconds } from '../../src/contracts/whole-milliseconds.ts';

/** Where Python and the kernel are, and a folder for workspaces. */
export type SpawnSettings = {
  readonly python: string;
  /** The folder of the kernel's package; that of the warden lies beside it. */
  readonly kernel: string;
  readonly folder: string;
};

/** A process that has ended can have left its output open to another one; nothing of its own is later than this. */
const outputMilliseconds = 500;

const spawnKernel = ({ python, kernel, folder }: SpawnSettings, spare: string, jail: JailSettings): HostedProcess => {
  const warden = join(kernel, '..', 'warden', 'main.py');
  const told = JSON.stringify({ kernel, workspaces: folder, ...jail });
  const child = spawn(python, ['-I', '-B', '-X', 'utf8', warden, told], {
    cwd: spare,
    // A session and process group of its own, so that all of it can be killed.
    detached: true,
    env: {},
    // Standard error is used until the kernel has joined it to standard output: for what keeps Python from starting.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const ended = Promise.withResolvers<string>();
  child.on('error', (error) => ended.resolve(`${python}: ${error.message}`));
  // 'close' comes after the last byte of its output, 'exit' may come before; but a descendant can hold the output open.
  child.on('close', (code, signal) => ended.resolve(signal ?? `exit code ${code}`));
  child.on('exit', (code, signal) =>
    setTimeout(ended.resolve, wholeMilliseconds(outputMilliseconds), signal ?? `exit code ${code}`).unref(),
  );
  return {
    pid: child.pid,
    // On POSIX a 'pipe' is a socket pair: one descriptor, both ways.
    channel: child.stdio[3] as Duplex,
    output: [child.stdout, child.stderr].filter((stream) => stream !== null),
    ended: ended.promise,
    interrupt: () => child.kill('SIGINT'),
    kill() {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
    },
    watchMemory: (limitBytes, exceeded) =>
      child.pid === undefined ? () => undefined : watchMemory(child.pid, limitBytes, exceeded),
  };
};

const makeWorkspace = async (settings: SpawnSettings, folder: string): Promise<Workspace> => {
  const make = () => mkdir(folder, { mode: 0o700 });
  await make();
  return {
    folder,
    excess: async () => workspaceExcess(folder),
    watch: (exceeded) => watchWorkspace(folder, exceeded),
    async empty() {
      await removeHostileFolder(folder);
      await make();
    },
    async remove() {
      await removeHostileFolder(folder);
      await sweepLeftFiles(settings);
    },
  };
};

/** Kernels as child processes of the supervisor, their workspaces beneath its own folder. */
export const spawnKernels = (settings: SpawnSettings): KernelHost => {
  // Empty: where a process is until it has a workspace.
  const spare = join(settings.folder, 'spare');
  mkdirSync(spare, { recursive: true, mode: 0o700 });
  let workspaces = 0;
  return {
    startKernel: (jail) => spawnKernel(settings, spare, jail),
    makeWorkspace: () => makeWorkspace(settings, join(settings.folder, `workspace-${(workspaces += 1)}`)),
  };
};
