import { setImmediate } from 'node:timers/promises';
import type { Time } from '../../../../src/adapters/local/asl/time.ts';

type Sleeper = { readonly until: number; readonly wake: () => void };

/** Time that passes only when a test says so. */
export type VirtualTime = {
  readonly clock: { now(): Date };
  readonly sleep: Time['sleep'];
  /** Seconds of every sleep that was begun, in that order. */
  readonly slept: readonly number[];
  /** Lets so many seconds pass, waking sleepers one after the other, each followed by all that it sets going. */
  pass(seconds: number): Promise<void>;
};

/** Everything that can go on without time passing has gone on. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
};

/** A clock that stands at the beginning of 2026, or at another time. */
export const virtualTime = (start = new Date(Date.UTC(2026, 0, 1))): VirtualTime => {
  let now = start.getTime();
  const sleepers = new Set<Sleeper>();
  const slept: number[] = [];
  const sleep: Time['sleep'] = (milliseconds, signal) => {
    slept.push(milliseconds / 1_000);
    return new Promise((resolve, reject) => {
      const sleeper = { until: now + milliseconds, wake: () => leave(resolve) };
      const leave = (then: () => void): void => {
        sleepers.delete(sleeper);
        signal.removeEventListener('abort', abort);
        then();
      };
      const abort = (): void => leave(() => reject(signal.reason));
      sleepers.add(sleeper);
      signal.addEventListener('abort', abort);
    });
  };
  const pass = async (seconds: number): Promise<void> => {
    const end = now + seconds * 1_000;
    for (;;) {
      await settle();
      const next = [...sleepers].sort((a, b) => a.until - b.until)[0];
      if (next === undefined || next.until > end) break;
      now = next.until;
      next.wake();
    }
    now = end;
  };
  return { clock: { now: () => new Date(now) }, sleep, slept, pass };
};
