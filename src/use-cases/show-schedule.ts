import { toFailure } from '../contracts/failure.ts';
import type { Schedule, ScheduleView } from '../contracts/schedule.ts';
import { nextDue } from '../domain/schedule/next-due.ts';
import { readExpression } from '../domain/schedule/read-expression.ts';

/**
 * A schedule as the API shows it, with its next time after `now`. One that cannot be read is shown with what is wrong: an older
 * version, or another one's list of time zones, took it, and a list has to show the others besides.
 */
export const showSchedule = (stored: Schedule, now: Date): ScheduleView => {
  const { tenant: _, ...schedule } = stored;
  try {
    const due = readExpression(schedule.expression, schedule.time_zone, 'stored');
    const next = schedule.paused ? undefined : nextDue(due, new Date(schedule.changed_at), now);
    return next === undefined ? schedule : { ...schedule, next_due_at: next.toISOString() };
  } catch (thrown) {
    return { ...schedule, problem: toFailure(thrown).message };
  }
};
