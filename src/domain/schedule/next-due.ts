import { Cron } from 'croner';
import { cronOptions, type Due } from './read-expression.ts';

/** More days in a row than a cron expression can fall into the hour that a change of the clock leaves out or repeats. */
const maxSkips = 100;

/**
 * The first time after `after` at which a schedule is due; undefined where there is none. A rate counts from `anchor`. When
 * clocks are put forward, what falls into the hour that is left out is not due; when they are put back, what falls into the
 * hour that comes twice is due the first time: so EventBridge Scheduler has it.
 */
export const nextDue = (due: Due, anchor: Date, after: Date): Date | undefined => {
  switch (due.kind) {
    case 'rate': {
      const passed = Math.floor((after.getTime() - anchor.getTime()) / due.milliseconds);
      return new Date(anchor.getTime() + Math.max(1, passed + 1) * due.milliseconds);
    }
    case 'cron':
      return nextOfCron(due, after);
  }
};

const nextOfCron = ({ pattern, time_zone }: Extract<Due, { kind: 'cron' }>, after: Date): Date | undefined => {
  const cron = new Cron(pattern, { timezone: time_zone, ...cronOptions });
  let next = cron.nextRun(after);
  for (let skips = 0; next !== null && skips < maxSkips; skips += 1) {
    // In the hour that is left out the library gives the time behind it, which does not match.
    if (cron.match(next) && !isRepeated(next, time_zone)) return next;
    next = cron.nextRun(next);
  }
  return undefined;
};

/** Clocks are put back by an hour, on Lord Howe Island by half of one. */
const steps = [30, 60].map((minutes) => minutes * 60_000);

/** Whether the clock on the wall has shown this time shortly before. */
const isRepeated = (time: Date, timeZone: string): boolean => {
  const shown = new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return steps.some((step) => shown.format(time) === shown.format(new Date(time.getTime() - step)));
};
