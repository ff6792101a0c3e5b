import { spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { Failure } from '../../src/contracts/failure.ts';
import { captureText } from './captured-text.ts';
import type { IsolationLevel } from '../../src/contracts/isolation.ts';
import { isAtLeast, isolationLevel } from './isolation.ts';
import { kernelChannel } from './kernel-channel.ts';
import type { KernelCell, KernelMessage, KernelOrder, KernelQuery } from './kernel-messages.ts';
import { removeHostileFolder, watchWorkspace, workspaceExcess } from './workspace-watch.ts';

/** Where Python and the kernel are, and an empty folder that a kernel may be in before its session begins. */
export type KernelSettings = {
  readonly python: string;
  /** The folder of the kernel's package; that of the warden lies beside it. */
  readonly kernel: string;
  readonly folder: string;
  /** What a cell may take beside what its libraries have taken; then Python raises MemoryError. 4 GiB if not given. */
  readonly memory_bytes?: number | undefined;
  /** A kernel in a weaker jail does no work. */
  readonly isolation_at_least?: IsolationLevel | undefined;
  /** The jail is put up to this level, though the machine may give more. */
  readonly isolation_at_most?: IsolationLevel | undefined;
};

/** What a cell printed and, unless its process ended first, what it came to. */
export type RawCell = {
  readonly cell: KernelCell | undefined;
  readonly stdout: string;
  readonly stdout_truncated: boolean;
};

/** One Python process. */
export type KernelProcess = {
  readonly pid: number | undefined;
  /** Becomes known when it is in its jail; fails with SANDBOX_UNAVAILABLE where it does not come to that. */
  readonly hello: Promise<{ readonly python: string; readonly isolation: string }>;
  /** How the process ended. */
  readonly ended: Promise<string>;
  /** Gives the kernel its session; fails with SANDBOX_UNAVAILABLE where it cannot take it. */
  begin(
    order: Omit<Extract<KernelOrder, { type: 'begin' }>, 'type'>,
    onQuery: (query: KernelQuery) => void,
  ): Promise<void>;
  execute(code: string): Promise<RawCell>;
  reply(order: Extract<KernelOrder, { type: 'reply' }>): void;
  /** Raises KeyboardInterrupt in the cell that runs. */
  interrupt(): void;
  /** Ends the process and everything it started. */
  kill(): void;
};

const defaultMemoryBytes = 4 * 1024 ** 3;
/** A process that has closed its output cannot print the mark; nothing of a cell is later than this. */
const markMilliseconds = 500;
/** Threads of a cell that may wait for a statement at the same time. */
const mostQueries = 32;

/** Starts a Python process that imports its libraries and waits for a session, which it spends in its jail. */
export const startKernel = (settings: KernelSettings): KernelProcess => {
  const { python, kernel, folder } = settings;
  const jail = {
    kernel,
    at_most: settings.isolation_at_most ?? 'full',
    memory_bytes: settings.memory_bytes ?? defaultMemoryBytes,
  };
  const warden = join(kernel, '..', 'warden', 'main.py');
  const child = spawn(python, ['-I', '-B', '-X', 'utf8', warden, JSON.stringify(jail)], {
    cwd: folder,
    // A session and process group of its own, so that all of it can be killed.
    detached: true,
    env: {
      HOME: folder,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      MPLBACKEND: 'Agg',
      // One agent's arithmetic must not take the machine; a thread pool per library would.
      OMP_NUM_THREADS: '1',
      OPENBLAS_NUM_THREADS: '1',
      POLARS_MAX_THREADS: '2',
    },
    // Standard error is used until the kernel has joined it to standard output: for what keeps Python from starting.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const hello = Promise.withResolvers<{ python: string; isolation: string }>();
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<string>();
  for (const promise of [hello.promise, begun.promise]) promise.catch(() => undefined);
  let output = captureText(Buffer.from('\0never printed\0'));
  let phase: 'starting' | 'beginning' | 'serving' = 'starting';
  let workspace: string | undefined;
  let running: { readonly id: number; readonly done: (cell: KernelCell) => void } | undefined;
  let onQuery: (query: KernelQuery) => void = () => undefined;
  const asked = new Set<number>();
  let reason: string | undefined;

  const kill = (why?: string): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    reason ??= why;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      child.kill('SIGKILL');
    }
  };
  const answerQuery = (query: KernelQuery): void => {
    const refuse = (kind: 'CONFLICT' | 'BUDGET_EXCEEDED', message: string): void =>
      channel.send({ type: 'reply', id: query.id, failure: { kind, message } });
    if (!running) return refuse('CONFLICT', 'No cell runs. Ask the database from within a cell.');
    if (asked.size >= mostQueries) {
      return refuse('BUDGET_EXCEEDED', `${mostQueries} statements wait already. Wait for their results first.`);
    }
    asked.add(query.id);
    onQuery(query);
  };
  const receive = (message: KernelMessage): void => {
    switch (message.type) {
      case 'hello': {
        if (phase !== 'starting') return kill('it said hello twice');
        phase = 'beginning';
        const { python: version, isolation } = message;
        const least = settings.isolation_at_least;
        if (least === undefined || isAtLeast(isolationLevel(isolation), least)) {
          return hello.resolve({ python: version, isolation });
        }
        return kill(`this machine gives a jail of the level "${isolation}", and "${least}" is the least demanded`);
      }
      case 'begun':
        if (phase !== 'beginning') return kill('it began twice');
        phase = 'serving';
        return begun.resolve();
      case 'query':
        return answerQuery({ id: message.id, source: message.source, sql: message.sql });
      case 'cell':
        return message.id === running?.id ? running.done(message) : undefined;
    }
  };
  // On POSIX a 'pipe' is a socket pair: one descriptor, both ways.
  const channel = kernelChannel(child.stdio[3] as Duplex, receive, kill);
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.push(chunk));

  const end = (signal: string): void => {
    const how = reason === undefined ? signal : `${signal}: ${reason}`;
    ended.resolve(how);
    const said = output.text().text.trim().slice(-2_000);
    const unavailable = new Failure('SANDBOX_UNAVAILABLE', `The Python process did not start (${how}). ${said}`.trim());
    hello.reject(unavailable);
    begun.reject(unavailable);
  };
  child.on('error', (error) => end(`${python}: ${error.message}`));
  // 'close' comes after the last byte of its output, 'exit' may come before; but a descendant can hold the output open.
  child.on('close', (code, signal) => end(signal ?? `exit code ${code}`));
  child.on('exit', (code, signal) => setTimeout(end, markMilliseconds, signal ?? `exit code ${code}`).unref());

  const emptyWorkspace = async (folder: string, why: string): Promise<void> => {
    kill(`its workspace held ${why}, and was emptied`);
    await ended.promise;
    await removeHostileFolder(folder);
    await mkdir(folder, { mode: 0o700 });
  };

  return {
    pid: child.pid,
    hello: hello.promise,
    ended: ended.promise,
    async begin(order, answer) {
      onQuery = answer;
      ({ workspace } = order);
      channel.send({ type: 'begin', ...order });
      await begun.promise;
    },
    async execute(code) {
      const folder = workspace ?? settings.folder;
      let emptied: Promise<void> | undefined;
      const check = async (): Promise<void> => {
        const why = workspaceExcess(folder);
        if (why !== undefined) await (emptied ??= emptyWorkspace(folder, why));
      };
      await check();
      const mark = `\0${randomBytes(12).toString('hex')}\0`;
      output = captureText(Buffer.from(mark));
      const { promise: done, resolve } = Promise.withResolvers<KernelCell>();
      running = { id: randomInt(2 ** 48 - 1), done: resolve };
      asked.clear();
      const endWatch = watchWorkspace(folder, (why) => {
        emptied ??= emptyWorkspace(folder, why);
      });
      channel.send({ type: 'execute', id: running.id, code, mark });
      const cell = await Promise.race([done, ended.promise.then(() => undefined)]);
      running = undefined;
      endWatch();
      await check();
      if (cell) await Promise.race([output.marked, new Promise((late) => setTimeout(late, markMilliseconds))]);
      const { text, truncated } = output.text();
      await emptied;
      return { cell: emptied ? undefined : cell, stdout: text, stdout_truncated: truncated };
    },
    reply(order) {
      asked.delete(order.id);
      channel.send(order);
    },
    interrupt: () => child.kill('SIGINT'),
    kill: () => kill(),
  };
};
