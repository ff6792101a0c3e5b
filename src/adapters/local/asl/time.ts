import { setImmediate, setTimeout as setTimer } from 'node:timers/promises';

/** Where the engine reads the time and waits, so that tests can pass years in no time. */
export type Time = {
  now(): Date;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
};

// A longer timer of Node's fires at once.
const LONGEST_TIMER = 2 ** 31 - 1;

/** Waits on the real clock, for any number of milliseconds. */
export const realSleep: Time['sleep'] = async (milliseconds, signal) => {
  let left = milliseconds;
  do {
    try {
      await setTimer(Math.min(left, LONGEST_TIMER), undefined, { signal });
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
    left -= LONGEST_TIMER;
  } while (left > 0);
};

let transitions = 0;

/**
 * Lets timers, requests and stops through at every 32nd transition of any execution: a machine whose functions answer
 * at once would else run in one go, up to 25,000 events.
 */
export const breathe = async (): Promise<void> => {
  transitions += 1;
  if (transitions % 32 === 0) await setImmediate();
};
