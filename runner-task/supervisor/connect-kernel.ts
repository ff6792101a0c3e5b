import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../../src/contracts/failure.ts';
import type { HostedProcess, JailSettings, KernelHost, Workspace } from './kernel-host.ts';
import { greetListener, listenerConnection, type ListenerMessage } from './listener-connection.ts';
import { kernelWatch } from './kernel-watch.ts';
import { wholeMilliseconds } from '../../src/contracts/whole-milliseconds.ts';

/** What a process printed last is on its way when its end is told; the connection closes behind it. */
const outputMilliseconds = 500;
const betweenTriesMilliseconds = 100;

const connectKernel = (path: string, jail: JailSettings): HostedProcess => {
  // Nobody else can know it, so the listener ties together what is of one kernel alone.
  const id = randomBytes(16).toString('hex');
  const channel = greetListener(path, { role: 'channel', id });
  const output = greetListener(path, { role: 'output', id });
  // The connection that carries orders tells what there is to tell.
  const watch = greetListener(path, { role: 'watch', id });
  for (const stream of [channel, output, watch]) stream.on('error', () => undefined);
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  let pid: number | undefined;
  let hasEnded = false;

  const end = async (how: string): Promise<void> => {
    hasEnded = true;
    control.close();
    // An error there ends the wait as its closing does.
    const closed = output.closed || once(output, 'close').catch(() => undefined);
    await Promise.race([closed, wait(outputMilliseconds)]);
    channel.destroy();
    output.destroy();
    // What it has found may be on its way; it is asked once more.
    setTimeout(() => watch.destroy(), wholeMilliseconds(outputMilliseconds)).unref();
    resolve(how);
  };
  const receive = (message: ListenerMessage): void => {
    if (message.type === 'started') ({ pid } = message);
    if (message.type === 'ended') void end(message.how);
  };
  const control = listenerConnection(path, { role: 'control', id, ...jail }, receive, (why) => void end(why));
  const order = (type: string): void => {
    if (!hasEnded) control.send({ type });
  };
  return {
    get pid() {
      return pid;
    },
    channel,
    output: [output],
    ended,
    interrupt: () => order('interrupt'),
    kill: () => order('kill'),
    watch: (settings, found) => kernelWatch({ input: watch, output: watch }, settings, found),
  };
};

const connectWorkspace = async (path: string): Promise<Workspace> => {
  const made = Promise.withResolvers<string>();
  // The listener answers in the order in which it was asked. Undefined: it is gone, and all that it kept with it.
  const waiting: ((answer: ListenerMessage | undefined) => void)[] = [];
  let isLost = false;

  const receive = (message: ListenerMessage): void => {
    if (message.type === 'made') return made.resolve(message.folder);
    return waiting.shift()?.(message);
  };
  const lose = (why: string): void => {
    isLost = true;
    made.reject(new Failure('SANDBOX_UNAVAILABLE', `No workspace could be made: ${why}.`));
    waiting.splice(0).forEach((answer) => answer(undefined));
  };
  const connection = listenerConnection(path, { role: 'workspace' }, receive, lose);
  const ask = async (type: string): Promise<ListenerMessage | undefined> => {
    if (isLost) return undefined;
    const { promise, resolve } = Promise.withResolvers<ListenerMessage | undefined>();
    waiting.push(resolve);
    connection.send({ type });
    return promise;
  };
  return {
    folder: await made.promise,
    // What is mounted in one container is not there in the other.
    has_own_disk: false,
    empty: async () => void (await ask('empty')),
    async remove() {
      await ask('remove');
      // Whoever asks at this very moment, as a cell does that was ended with the session, gets no answer any more.
      lose('it was removed');
      connection.close();
    },
  };
};

/** Kernels and workspaces that a listener keeps in another container; both containers see its volume at one path. */
export const connectKernels = (path: string): KernelHost => ({
  startKernel: (jail) => connectKernel(path, jail),
  makeWorkspace: () => connectWorkspace(path),
});

/** Waits until a listener answers. Containers of one task start in any order. */
export const awaitListener = async (path: string, seconds: number): Promise<void> => {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const stream = connect(path);
    try {
      await once(stream, 'connect');
      return;
    } catch (error) {
      if (Date.now() > until) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Failure(
          'SANDBOX_UNAVAILABLE',
          `No container of kernels answers at ${path} after ${seconds} s (${reason}). ` +
            `Start it with the same volume, for user ${process.getuid?.()}.`,
          { cause: error },
        );
      }
    } finally {
      stream.destroy();
    }
    await wait(betweenTriesMilliseconds);
  }
};
