import { nextDue } from './next-due.ts';
import type { Due } from './read-expression.ts';

/** Two times at which a schedule is due are at least so far apart. */
const minApart = 60_000;

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
  const dueAfter = (after: number): number | undefined => {
    const next = nextDue(due, anchor, new Date(after))?.getTime();
    return next === undefined || next > now.getTime() ? undefined : next;
  };
  // Halves the time in which the last one may lie: 20 looks for a year of minutes, which one by one would take seconds.
  let last = dueAfter(handled.getTime());
  let end = now.getTime();
  while (last !== undefined && end - last >= minApart) {
    const middle = Math.floor((last + end) / 2);
    const later = dueAfter(middle);
    if (later === undefined) end = middle;
    else last = later;
  }
  return last === undefined ? undefined : new Date(last);
};
