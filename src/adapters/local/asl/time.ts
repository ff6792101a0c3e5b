import { setImmediate } from 'node:timers/promises';
import { longestTimer, wholeMilliseconds } from '../../../contracts/whole-milliseconds.ts';

/** Where the engine reads the time and waits, so that tests can pass years in no time. */
export type Time = {
  now(): Date;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
};

/**
 * Waits on the real clock, for any number of milliseconds. Not the timer of `node:timers/promises`: every task with a
 * timeout ends its timer early, and the error with a stack trace that one makes of that takes ~30 µs, as against ~90 for a
 * whole transition.
 */
export const realSleep: Time['sleep'] = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    let left = milliseconds;
    let timer: NodeJS.Timeout | undefined;
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const tick = (): void => {
      if (left <= 0) {
        signal.removeEventListener('abort', abort);
        resolve();
        return;
      }
      const part = Math.min(left, longestTimer);
      left -= part;
      timer = setTimeout(tick, wholeMilliseconds(part));
    };
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    tick();
  });

let transitions = 0;

/**
 * Lets timers, requests and stops through at every 32nd transition of any execution: a machine whose functions answer
 * at once would else run in one go, up to 25,000 events.
 */
export const breathe = async (): Promise<void> => {
  transitions += 1;
  if (transitions % 32 === 0) await setImmediate();
};
