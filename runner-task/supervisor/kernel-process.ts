import { randomBytes, randomInt } from 'node:crypto';
import { Failure } from '../../src/contracts/failure.ts';
import { captureText } from './captured-text.ts';
import type { IsolationLevel } from '../../src/contracts/isolation.ts';
import { isAtLeast, isolationLevel } from './isolation.ts';
import { kernelChannel } from './kernel-channel.ts';
import type { HostedProcess, KernelHost, Workspace } from './kernel-host.ts';
import type { KernelCell, KernelMessage, KernelOrder, KernelQuery } from './kernel-messages.ts';
import { wholeMilliseconds } from '../../src/contracts/whole-milliseconds.ts';

/** The jail of a kernel, and where it is put up. */
export type KernelSettings = {
  readonly host: KernelHost;
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
export type KernelProcess = Pick<HostedProcess, 'pid' | 'ended' | 'interrupt' | 'kill' | 'watchMemory'> & {
  /** Becomes known when it is in its jail; fails with SANDBOX_UNAVAILABLE where it does not come to that. */
  readonly hello: Promise<{ readonly python: string; readonly isolation: string }>;
  /** Gives the kernel its session; fails with SANDBOX_UNAVAILABLE where it cannot take it. */
  begin(
    order: Omit<Extract<KernelOrder, { type: 'begin' }>, 'type' | 'workspace'> & { readonly workspace: Workspace },
    onQuery: (query: KernelQuery) => void,
  ): Promise<void>;
  execute(code: string): Promise<RawCell>;
  reply(order: Extract<KernelOrder, { type: 'reply' }>): void;
};

const defaultMemoryBytes = 4 * 1024 ** 3;
/** A process that has closed its output cannot print the mark; nothing of a cell is later than this. */
const markMilliseconds = 500;
/** Threads of a cell that may wait for a statement at the same time. */
const mostQueries = 32;

/** Starts a Python process that imports its libraries and waits for a session, which it spends in its jail. */
export const startKernel = (settings: KernelSettings): KernelProcess => {
  const hosted = settings.host.startKernel({
    at_most: settings.isolation_at_most ?? 'full',
    memory_bytes: settings.memory_bytes ?? defaultMemoryBytes,
  });
  const hello = Promise.withResolvers<{ python: string; isolation: string }>();
  const begun = Promise.withResolvers<void>();
  for (const promise of [hello.promise, begun.promise]) promise.catch(() => undefined);
  let output = captureText(Buffer.from('\0never printed\0'));
  let phase: 'starting' | 'beginning' | 'serving' = 'starting';
  let workspace: Workspace | undefined;
  let hasEnded = false;
  let running: { readonly id: number; readonly done: (cell: KernelCell) => void } | undefined;
  let onQuery: (query: KernelQuery) => void = () => undefined;
  const asked = new Set<number>();
  let reason: string | undefined;

  const kill = (why?: string): void => {
    if (hasEnded) return;
    reason ??= why;
    hosted.kill();
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
  const channel = kernelChannel(hosted.channel, receive, kill);
  for (const stream of hosted.output) stream.on('data', (chunk: Buffer) => output.push(chunk));

  const ended = hosted.ended.then((signal) => {
    hasEnded = true;
    const how = reason === undefined ? signal : `${signal}: ${reason}`;
    const said = output.text().text.trim().slice(-2_000);
    const unavailable = new Failure('SANDBOX_UNAVAILABLE', `The Python process did not start (${how}). ${said}`.trim());
    hello.reject(unavailable);
    begun.reject(unavailable);
    return how;
  });
  const emptyWorkspace = async (emptied: Workspace, why: string): Promise<void> => {
    kill(`its workspace held ${why}, and was emptied`);
    await ended;
    await emptied.empty();
  };

  return {
    get pid() {
      return hosted.pid;
    },
    hello: hello.promise,
    ended,
    async begin(order, answer) {
      onQuery = answer;
      ({ workspace } = order);
      channel.send({ type: 'begin', ...order, workspace: workspace.folder });
      await begun.promise;
    },
    async execute(code) {
      if (!workspace) throw new Failure('CONFLICT', 'The kernel has no session yet. Begin one first.');
      const held = workspace;
      let emptied: Promise<void> | undefined;
      const check = async (): Promise<void> => {
        const why = await held.excess();
        if (why !== undefined) await (emptied ??= emptyWorkspace(held, why));
      };
      await check();
      const mark = `\0${randomBytes(12).toString('hex')}\0`;
      output = captureText(Buffer.from(mark));
      const { promise: done, resolve } = Promise.withResolvers<KernelCell>();
      running = { id: randomInt(2 ** 48 - 1), done: resolve };
      asked.clear();
      const endWatch = held.watch((why) => {
        emptied ??= emptyWorkspace(held, why);
      });
      channel.send({ type: 'execute', id: running.id, code, mark });
      const cell = await Promise.race([done, ended.then(() => undefined)]);
      running = undefined;
      endWatch();
      await check();
      if (cell)
        await Promise.race([
          output.marked,
          new Promise((late) => setTimeout(late, wholeMilliseconds(markMilliseconds))),
        ]);
      const { text, truncated } = output.text();
      await emptied;
      return { cell: emptied ? undefined : cell, stdout: text, stdout_truncated: truncated };
    },
    reply(order) {
      asked.delete(order.id);
      channel.send(order);
    },
    interrupt: () => hosted.interrupt(),
    kill: () => kill(),
    watchMemory: (limitBytes, exceeded) => hosted.watchMemory(limitBytes, exceeded),
  };
};
