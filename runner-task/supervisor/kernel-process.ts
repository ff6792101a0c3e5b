import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { Failure } from '../../src/contracts/failure.ts';
import { captureText } from './captured-text.ts';
import { encodeFrame, frameReader } from './frames.ts';
import { KernelMessage, type KernelCell, type KernelOrder } from './kernel-messages.ts';

/** Where Python and the kernel are, and where a kernel may write before its session begins. */
export type KernelSettings = { readonly python: string; readonly kernel: string; readonly folder: string };

/** What a cell printed and, unless its process ended first, what it came to. */
export type RawCell = {
  readonly cell: KernelCell | undefined;
  readonly stdout: string;
  readonly stdout_truncated: boolean;
};

/** One Python process. */
export type KernelProcess = {
  readonly pid: number | undefined;
  /** Becomes known when Python runs; fails with SANDBOX_UNAVAILABLE where it does not. */
  readonly hello: Promise<{ readonly python: string; readonly isolation: string }>;
  /** How the process ended. */
  readonly ended: Promise<string>;
  /** Gives the kernel its session; fails with SANDBOX_UNAVAILABLE where it cannot take it. */
  begin(
    order: Omit<Extract<KernelOrder, { type: 'begin' }>, 'type'>,
    onQuery: (id: number, sql: string) => void,
  ): Promise<void>;
  execute(code: string): Promise<RawCell>;
  reply(order: Extract<KernelOrder, { type: 'reply' }>): void;
  /** Raises KeyboardInterrupt in the cell that runs. */
  interrupt(): void;
  /** Ends the process and everything it started. */
  kill(): void;
};

/** More than any cell sends: its figures are capped in the kernel, this stops one that is not the kernel any more. */
const mostMessageBytes = 64 * 1024 * 1024;
/** A process that has closed its output cannot print the mark; nothing of a cell is later than this. */
const markMilliseconds = 500;

/** Starts a Python process that imports its libraries and waits for a session. */
export const startKernel = ({ python, kernel, folder }: KernelSettings): KernelProcess => {
  const child = spawn(python, ['-I', '-B', '-X', 'utf8', join(kernel, 'main.py')], {
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
  // On POSIX a 'pipe' is a socket pair: one descriptor, both ways.
  const channel = child.stdio[3] as Duplex;
  const hello = Promise.withResolvers<{ python: string; isolation: string }>();
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<string>();
  for (const promise of [hello.promise, begun.promise]) promise.catch(() => undefined);
  let output = captureText(Buffer.from('\0never printed\0'));
  let cells = 0;
  let running: { readonly id: number; readonly done: (cell: KernelCell) => void } | undefined;
  let onQuery: (id: number, sql: string) => void = () => undefined;

  const kill = (): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      child.kill('SIGKILL');
    }
  };
  const send = (order: KernelOrder): void => {
    if (channel.writable) channel.write(encodeFrame(order));
  };
  const receive = (message: KernelMessage): void => {
    switch (message.type) {
      case 'hello':
        return hello.resolve({ python: message.python, isolation: message.isolation });
      case 'begun':
        return begun.resolve();
      case 'query':
        return onQuery(message.id, message.sql);
      case 'cell':
        return message.id === running?.id ? running.done(message) : undefined;
    }
  };
  const frames = frameReader(mostMessageBytes);
  channel.on('data', (chunk: Buffer) => {
    try {
      frames.push(chunk).forEach((message) => receive(KernelMessage.parse(message)));
    } catch {
      // Whoever writes there now, it is not the kernel.
      kill();
    }
  });
  // The end of the process tells what there is to tell.
  channel.on('error', () => undefined);
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.push(chunk));

  const end = (how: string): void => {
    ended.resolve(how);
    const unavailable = new Failure(
      'SANDBOX_UNAVAILABLE',
      `The Python process did not start (${how}). ${output.text().text.trim().slice(-2_000)}`.trim(),
    );
    hello.reject(unavailable);
    begun.reject(unavailable);
  };
  child.on('error', (error) => end(`${python}: ${error.message}`));
  // 'close' comes after the last byte of its output, 'exit' may come before; but a descendant can hold the output open.
  child.on('close', (code, signal) => end(signal ?? `exit code ${code}`));
  child.on('exit', (code, signal) => setTimeout(end, markMilliseconds, signal ?? `exit code ${code}`).unref());

  return {
    pid: child.pid,
    hello: hello.promise,
    ended: ended.promise,
    async begin(order, answer) {
      onQuery = answer;
      await hello.promise;
      send({ type: 'begin', ...order });
      await begun.promise;
    },
    async execute(code) {
      const mark = `\0${randomBytes(12).toString('hex')}\0`;
      output = captureText(Buffer.from(mark));
      const { promise: done, resolve } = Promise.withResolvers<KernelCell>();
      running = { id: (cells += 1), done: resolve };
      send({ type: 'execute', id: cells, code, mark });
      const cell = await Promise.race([done, ended.promise.then(() => undefined)]);
      running = undefined;
      if (cell) await Promise.race([output.marked, new Promise((late) => setTimeout(late, markMilliseconds))]);
      const { text, truncated } = output.text();
      return { cell, stdout: text, stdout_truncated: truncated };
    },
    reply: send,
    interrupt: () => child.kill('SIGINT'),
    kill,
  };
};
