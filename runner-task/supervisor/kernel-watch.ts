import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import * as z from 'zod';
import { KernelExcess, type KernelLimits } from './kernel-limits.ts';

/** The watch over one kernel (`warden/watch.py`), a process beside it. It lasts as long as the kernel does. */
export type KernelWatch = {
  /** Has it look now; what it finds has been told when this resolves. */
  look(): Promise<void>;
  end(): void;
};

/** Where a watch, a process that was started with its kernel, says what it sees and is told what to do. */
export type WatchStreams = { readonly input: Readable; readonly output: Writable };

/** What a watch is told when its kernel has a session. */
export type WatchSettings = {
  readonly workspace: string;
  /** Whether a disk of its own bounds that. */
  readonly has_own_disk: boolean;
  readonly limits: KernelLimits;
  /** Whether the kernel can write to folders that are open to all. */
  readonly open_folders: boolean;
};

/** What it found; `unwatched`: it has ended before it was told to, so nothing is known any more. */
export type WatchFinding = KernelExcess | 'unwatched';

const WatchMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('exceeded'), excess: KernelExcess }),
  z.strictObject({ type: z.literal('looked') }),
]);

/** The supervisor's end of a watch. Calls `found` once. */
export const kernelWatch = (
  streams: WatchStreams,
  settings: WatchSettings,
  found: (what: WatchFinding) => void,
): KernelWatch => {
  const waiting: (() => void)[] = [];
  let hasEnded = false;
  const lose = (): void => {
    waiting.splice(0).forEach((looked) => looked());
    if (hasEnded) return;
    hasEnded = true;
    found('unwatched');
  };
  for (const stream of [streams.input, streams.output]) stream.on('error', lose);
  createInterface({ input: streams.input })
    .on('line', (line) => {
      const message = WatchMessage.safeParse(JSON.parse(line));
      if (message.data?.type === 'exceeded') found(message.data.excess);
      else waiting.shift()?.();
    })
    .on('close', lose);
  // It had ended before there was anything to watch.
  if (streams.input.destroyed) setImmediate(lose);
  streams.output.write(`${JSON.stringify(settings)}\n`);
  return {
    look() {
      if (hasEnded || !streams.output.writable) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      streams.output.write('\n');
      return promise;
    },
    end() {
      hasEnded = true;
      streams.output.end();
      streams.input.destroy();
      lose();
    },
  };
};
