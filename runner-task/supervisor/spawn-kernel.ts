import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex, Readable, Writable } from 'node:stream';
import { Failure } from '../../src/contracts/failure.ts';
import type { HostedProcess, JailSettings, KernelHost, Workspace } from './kernel-host.ts';
import type { WorkspaceLimits } from './kernel-limits.ts';
import { kernelWatch, type WatchStreams } from './kernel-watch.ts';
import { removeHostileFolder } from './remove-hostile-folder.ts';
import { sweepLeftFiles } from './sweep-left-files.ts';
import { workspaceDisk } from './workspace-disk.ts';
import { wholeMilliseconds } from '../../src/contracts/whole-milliseconds.ts';

/** Where Python and the kernel are, and a folder for workspaces. */
export type SpawnSettings = {
  readonly python: string;
  /** The folder of the kernel's package; that of the warden lies beside it. */
  readonly kernel: string;
  readonly folder: string;
  /** Whether it may mount: its mounts are then its own and go with it. */
  readonly own_mounts?: boolean | undefined;
};

/** A process that has ended can have left its output open to another one; nothing of its own is later than this. */
const outputMilliseconds = 500;

const spawnKernel = (settings: SpawnSettings, spare: string, jail: JailSettings): HostedProcess => {
  const { python, kernel, folder } = settings;
  const warden = join(kernel, '..', 'warden', 'main.py');
  const told = JSON.stringify({ kernel, workspaces: folder, ...jail });
  const child = spawn(python, ['-I', '-B', '-X', 'utf8', warden, told], {
    cwd: spare,
    // A session and process group of its own, so that all of it can be killed.
    detached: true,
    env: {},
    // Standard error is used until the kernel has joined it to standard output: for what keeps Python from starting.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const streams = spawnWatch(settings, child);
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
    watch: (watched, found) => kernelWatch(streams, watched, found),
  };
};

/** Starts the watch over a kernel, which is tied to it by a pair of sockets: what is sent there is for the two alone. */
const spawnWatch = ({ python, kernel, folder }: SpawnSettings, watched: ChildProcess): WatchStreams => {
  const program = join(kernel, '..', 'warden', 'watch.py');
  const toKernel = watched.stdio[4] as Duplex;
  const settings = JSON.stringify({ process: watched.pid ?? 0, workspaces: folder });
  const child = spawn(python, ['-I', '-S', '-B', program, settings], {
    cwd: '/',
    // Apart, as the kernel is: what interrupts the supervisor does not end the watch before it.
    detached: true,
    env: {},
    stdio: ['pipe', 'pipe', 'ignore', toKernel],
  }) as ChildProcessByStdio<Writable, Readable, null>;
  // Before anything could be read from it here.
  toKernel.destroy();
  for (const emitter of [child, child.stdin, child.stdout]) emitter.on('error', () => undefined);
  watched.on('exit', () => setTimeout(() => child.stdin.end(), wholeMilliseconds(outputMilliseconds)).unref());
  return { input: child.stdout, output: child.stdin };
};

const makeWorkspace = async (settings: SpawnSettings, folder: string, limits: WorkspaceLimits): Promise<Workspace> => {
  const disk = settings.own_mounts ? workspaceDisk(settings, folder) : undefined;
  const make = async (): Promise<boolean> => {
    await mkdir(folder, { mode: 0o700 });
    return (await disk?.mount(limits)) ?? false;
  };
  const has_own_disk = await make();
  const remove = async (): Promise<void> => {
    if (has_own_disk) await disk?.unmount();
    await removeHostileFolder(folder);
  };
  return {
    folder,
    has_own_disk,
    async empty() {
      await remove();
      if ((await make()) !== has_own_disk)
        throw new Failure('SANDBOX_LOST', 'The workspace of the sandbox has lost its disk and got no other.');
    },
    async remove() {
      await remove();
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
    makeWorkspace: (limits) => makeWorkspace(settings, join(settings.folder, `workspace-${(workspaces += 1)}`), limits),
  };
};
