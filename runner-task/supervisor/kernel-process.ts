import { randomBytes, randomInt } from 'node:crypto';
import { Failure } from '../../src/contracts/failure.ts';
import { captureText } from './captured-text.ts';
import type { IsolationLevel } from '../../src/contracts/isolation.ts';
import { isAtLeast, isolationLevel } from './isolation.ts';
import { kernelChannel } from './kernel-channel.ts';
import { excessInWords, workspaceLimits, type KernelLimits, type WorkspaceLimits } from './kernel-limits.ts';
import type { KernelWatch, WatchFinding } from './kernel-watch.ts';
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
  /** What it may hold in files; where nothing is said, what every kernel may. */
  readonly workspace_limits?: WorkspaceLimits | undefined;
  /** The jail is put up to this level, though the machine may give more. */
  readonly isolation_at_most?: IsolationLevel | undefined;
};

/** What a cell printed and, unless its process ended first, what it came to. */
export type RawCell = {
  readonly cell: KernelCell | undefined;
  readonly stdout: string;
  readonly stdout_truncated: boolean;
};

/** That a kernel was ended because of what it held, and how it is told. */
export type KernelExceeded = { readonly kind: 'RUNNER_MEMORY' | 'SANDBOX_LOST'; readonly message: string };

/** One Python process. */
export type KernelProcess = Pick<HostedProcess, 'pid' | 'ended' | 'interrupt' | 'kill'> & {
  /** Why the watch over it has ended it; undefined where it has not. */
  readonly exceeded: KernelExceeded | undefined;
  readonly hasEnded: boolean;
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
  const limits: KernelLimits = {
    memory_bytes: settings.memory_bytes ?? defaultMemoryBytes,
    ...(settings.workspace_limits ?? workspaceLimits),
  };
  const hosted = settings.host.startKernel({
    at_most: settings.isolation_at_most ?? 'full',
    memory_bytes: limits.memory_bytes,
  });
  const hello = Promise.withResolvers<{ python: string; isolation: string }>();
  const begun = Promise.withResolvers<void>();
  for (const promise of [hello.promise, begun.promise]) promise.catch(() => undefined);
  let output = captureText(Buffer.from('\0never printed\0'));
  let phase: 'starting' | 'beginning' | 'serving' = 'starting';
  let watch: KernelWatch | undefined;
  let exceeded: KernelExceeded | undefined;
  let emptied: Promise<void> | undefined;
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

  const ended = hosted.ended.then(async (signal) => {
    // What it was ended for may have been told and not been read.
    await watch?.look();
    watch?.end();
    hasEnded = true;
    const how = reason === undefined ? signal : `${signal}: ${reason}`;
    const said = output.text().text.trim().slice(-2_000);
    const unavailable = new Failure('SANDBOX_UNAVAILABLE', `The Python process did not start (${how}). ${said}`.trim());
    hello.reject(unavailable);
    begun.reject(unavailable);
    return how;
  });
  /** The watch kills it itself. */
  const exceed = (workspace: Workspace, found: WatchFinding): void => {
    if (hasEnded || exceeded) return;
    exceeded = exceededInWords(found, limits);
    kill(exceeded.message);
    if (found !== 'memory' && found !== 'unwatched') emptied = ended.then(() => workspace.empty());
  };

  return {
    get pid() {
      return hosted.pid;
    },
    get exceeded() {
      return exceeded;
    },
    get hasEnded() {
      return hasEnded;
    },
    hello: hello.promise,
    ended,
    async begin(order, answer) {
      onQuery = answer;
      const { workspace } = order;
      channel.send({ type: 'begin', ...order, workspace: workspace.folder });
      const { isolation } = await hello.promise;
      const { folder, has_own_disk } = workspace;
      watch = hosted.watch(
        { workspace: folder, has_own_disk, limits, open_folders: leavesFolderOpen(isolation) },
        (found) => exceed(workspace, found),
      );
      await Promise.all([begun.promise, watch.look()]);
    },
    async execute(code) {
      if (!watch) throw new Failure('CONFLICT', 'The kernel has no session yet. Begin one first.');
      const mark = `\0${randomBytes(12).toString('hex')}\0`;
      output = captureText(Buffer.from(mark));
      const { promise: done, resolve } = Promise.withResolvers<KernelCell>();
      running = { id: randomInt(2 ** 48 - 1), done: resolve };
      asked.clear();
      channel.send({ type: 'execute', id: running.id, code, mark });
      const cell = await Promise.race([done, ended.then(() => undefined)]);
      running = undefined;
      // What ends before anyone has looked is looked at all the same.
      await watch.look();
      if (cell)
        await Promise.race([
          output.marked,
          new Promise((late) => setTimeout(late, wholeMilliseconds(markMilliseconds))),
        ]);
      const { text, truncated } = output.text();
      await emptied;
      return { cell: exceeded ? undefined : cell, stdout: text, stdout_truncated: truncated };
    },
    reply(order) {
      asked.delete(order.id);
      channel.send(order);
    },
    interrupt: () => hosted.interrupt(),
    kill: () => kill(),
  };
};

const exceededInWords = (found: WatchFinding, limits: KernelLimits): KernelExceeded => {
  if (found === 'unwatched') return { kind: 'SANDBOX_LOST', message: 'the watch over it has ended' };
  const words = excessInWords(found, limits);
  return found === 'memory'
    ? { kind: 'RUNNER_MEMORY', message: `it took ${words}` }
    : { kind: 'SANDBOX_LOST', message: `its workspace held ${words}, and was emptied` };
};

/** Of the levels that close files at all, this is the one that leaves open what any user may write to. */
const leavesFolderOpen = (isolation: string): boolean =>
  isolationLevel(isolation) === 'full' && !/private root|Landlock/.test(isolation);
