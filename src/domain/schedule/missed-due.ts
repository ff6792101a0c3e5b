import { nextDue } from './next-due.ts';
import type { Due } from './read-expression.ts';

/** A schedule of every minute that was off for a year is no reason to count half a million of them one by one. */
const maxCounted = 10_000;

/**
 * The last time at which a schedule was due after `handled` and up to `now`; undefined where it was not. What was missed is caught up once: of several times the
 * last alone counts, since a survey shows how things are now.
 */
export const missedDue = (due: Due, anchor: Date, handled: Date, now: Date): Date | undefined => {
  if (due.kind === 'rate') {
    const passed = Math.floor((now.getTime() - anchor.getTime()) / due.milliseconds);
    const last = new Date(anchor.getTime() + passed * due.milliseconds);
    return passed >= 1 && last > handled ? last : undefined;
  }
  let last: Date | undefined;
  let next = nextDue(due, anchor, handled);
  for (let counted = 0; next !== undefined && next <= now; counted += 1) {
    last = next;
    // Beyond that the time of this very moment stands for all.
    if (counted === maxCounted) return new Date(Math.floor(now.getTime() / 60_000) * 60_000);
    next = nextDue(due, anchor, next);
  }
  return last;
};
