import { monotonicFactory } from 'ulid';
import type { Clock } from '../ports/clock.ts';

/** The machine’s time. Run ids of one process ascend even within one millisecond, so that newest first holds. */
export const systemClock = (): Clock => {
  const nextUlid = monotonicFactory();
  return { now: () => new Date(), newRunId: () => nextUlid() };
};
