import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../contracts/failure.ts';
import type { IsolationLevel } from '../../contracts/isolation.ts';
import { makeSandboxFolders, removeSandboxFolders } from './sandbox-folders.ts';
import { killOrphanProcesses } from './orphan-processes.ts';
import { wholeMilliseconds } from '../../contracts/whole-milliseconds.ts';

/** Folders of which a sandbox opens nothing, and those beneath them of which it does all the same. */
export type SandboxFolderRules = { readonly closed: readonly string[]; readonly except: readonly string[] };

/** How much memory the two parts of a sandbox may take. */
export type SandboxMemory = { readonly database_bytes: number; readonly kernel_bytes: number };

/** One supervisor with everything below it. */
export type SandboxProcess = {
  readonly id: string;
  readonly pid: number;
  readonly address: string;
  readonly token: string;
  /** Whether it still runs. */
  lives(): boolean;
  /** Resolves when it runs no more, whatever ended it. */
  readonly ended: Promise<void>;
  /** Ends it and removes its folders. */
  end(): Promise<void>;
};

const supervisorFile = fileURLToPath(new URL('../../../runner-task/supervisor/main.ts', import.meta.url));
const apartFile = fileURLToPath(new URL('../../../runner-task/warden/apart.py', import.meta.url));
const kernelFolder = fileURLToPath(new URL('../../../runner-task/kernel', import.meta.url));
const startSeconds = 30;
const endSeconds = 2;
/** Longer than a model that is down is asked again and again. */
const leaseSeconds = 3_600;
/** What it wrote last can arrive after its end. */
const complaintMilliseconds = 200;
const gibibyte = 1024 ** 3;

/** On a small machine a quarter of its memory each, so that the two and what they spill still fit. */
const defaultMemory = (): SandboxMemory => ({
  database_bytes: Math.floor(Math.min(2 * gibibyte, totalmem() / 4)),
  kernel_bytes: Math.floor(Math.min(4 * gibibyte, totalmem() / 4)),
});

/** Starts a supervisor. Fails with SANDBOX_UNAVAILABLE. */
export const startSandboxProcess = async (options: {
  readonly root: string;
  readonly python: string;
  readonly kernelDir?: string | undefined;
  readonly memory?: SandboxMemory | undefined;
  readonly folders?: SandboxFolderRules | undefined;
  /** Where objects are fetched from, in the place of S3. */
  readonly objectOrigin?: string | undefined;
  /** The weakest jail that is good enough; any where it is not said. */
  readonly isolation?: IsolationLevel | undefined;
  /** A lease lapses when no call came for so long. */
  readonly leaseSeconds?: number | undefined;
}): Promise<SandboxProcess> => {
  const folders = await makeSandboxFolders(options.root, randomBytes(8).toString('hex'));
  const token = randomBytes(32).toString('base64url');
  const memory = options.memory ?? defaultMemory();
  const supervisor = [process.execPath, '--disable-warning=ExperimentalWarning', supervisorFile];
  // Root may mount: then the supervisor has mounts of its own, which are gone when it is.
  const apart =
    process.getuid?.() === 0 && existsSync(options.python) ? [options.python, '-I', '-S', '-B', apartFile] : [];
  const [program = process.execPath, ...words] = [...apart, ...supervisor];
  const child = spawn(program, words, {
    cwd: folders.work,
    env: { TZ: 'UTC' },
    // A process group of its own: Ctrl-C in a terminal is for the service, which ends its sandboxes in order.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let running = true;
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString()}`.slice(-4_000);
  });
  const said = once(child.stderr, 'close');
  // A supervisor that is gone cannot be told anything; its end is seen by 'exit'.
  child.stdin.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    const end = (error?: Error | number | null): void => {
      running = false;
      if (error instanceof Error) complaint += error.message;
      resolve();
    };
    // Not 'close': a process that outlives the supervisor can hold its output open.
    child.on('exit', end).on('error', end);
  });

  const kill = (): void => {
    if (!running || child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      child.kill('SIGKILL');
    }
  };
  const end = async (): Promise<void> => {
    // Its standard input ends: so it ends itself and everything below it.
    child.stdin.end();
    const late = setTimeout(kill, wholeMilliseconds(endSeconds * 1000));
    await closed;
    clearTimeout(late);
    await killOrphanProcesses(folders.work);
    await removeSandboxFolders(folders);
  };

  const settings = {
    token_sha256: createHash('sha256').update(token).digest('hex'),
    listen: { socket: folders.socket },
    folder: folders.work,
    python: options.python,
    kernel: options.kernelDir ?? kernelFolder,
    database_memory_bytes: memory.database_bytes,
    kernel_memory_bytes: memory.kernel_bytes,
    lease_seconds: options.leaseSeconds ?? leaseSeconds,
    isolation_at_least: options.isolation ?? 'process',
    ...(options.objectOrigin === undefined ? {} : { object_origin: options.objectOrigin }),
    ...(options.folders === undefined ? {} : { folders: options.folders }),
  };
  child.stdin.write(`${JSON.stringify(settings)}\n`);
  const ready = once(createInterface({ input: child.stdout }), 'line', {
    signal: AbortSignal.timeout(wholeMilliseconds(startSeconds * 1000)),
  });
  const started = await Promise.race([ready.then(() => true).catch(() => false), closed.then(() => false)]);
  if (!started || child.pid === undefined) {
    kill();
    await end();
    await Promise.race([said, wait(complaintMilliseconds)]);
    throw new Failure(
      'SANDBOX_UNAVAILABLE',
      `The sandbox's supervisor did not start. ${complaint.trim() || `It said nothing for ${startSeconds} s.`}`,
    );
  }
  return { id: folders.id, pid: child.pid, address: folders.socket, token, lives: () => running, ended: closed, end };
};
