import { connect, type Socket } from 'node:net';
import * as z from 'zod';
import { encodeFrame, frameReader } from './frames.ts';
import type { JailSettings } from './kernel-host.ts';

/** What the listener says: of a kernel the first two, of a workspace the others. */
export const ListenerMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('started'), pid: z.int() }),
  z.strictObject({ type: z.literal('ended'), how: z.string() }),
  z.strictObject({ type: z.literal('made'), folder: z.string() }),
  z.strictObject({ type: z.literal('done') }),
]);
export type ListenerMessage = z.infer<typeof ListenerMessage>;

/** What a connection is for. The four of one kernel share an id. */
export type ListenerGreeting =
  | ({ readonly role: 'control'; readonly id: string } & JailSettings)
  | { readonly role: 'channel' | 'output' | 'watch'; readonly id: string }
  | { readonly role: 'workspace' };

const mostMessageBytes = 4096;

/** Connects to a listener and says first what the connection is for. */
export const greetListener = (path: string, greeting: ListenerGreeting): Socket => {
  const stream = connect(path);
  stream.write(encodeFrame(greeting));
  return stream;
};

/** A connection that carries orders. Calls `lost` once, with the reason, when it is closed from the other side. */
export const listenerConnection = (
  path: string,
  greeting: ListenerGreeting,
  receive: (message: ListenerMessage) => void,
  lost: (why: string) => void,
): { send(order: { readonly type: string }): void; close(): void } => {
  const stream = greetListener(path, greeting);
  const frames = frameReader(mostMessageBytes);
  let why = 'the container of the kernels has closed its connection';
  stream.on('data', (chunk) => {
    try {
      frames.push(chunk).forEach((message) => receive(ListenerMessage.parse(message)));
    } catch (error) {
      stream.destroy(error instanceof Error ? error : undefined);
    }
  });
  stream.on('error', (error) => (why = `the container of the kernels does not answer: ${error.message}`));
  stream.on('close', () => lost(why));
  return {
    send(order) {
      if (stream.writable) stream.write(encodeFrame(order));
    },
    close() {
      stream.removeAllListeners('close');
      stream.destroy();
    },
  };
};
