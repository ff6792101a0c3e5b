import type { Schedule, ScheduleView } from '../contracts/schedule.ts';
import { nextDue } from '../domain/schedule/next-due.ts';
import { readExpression } from '../domain/schedule/read-expression.ts';

/** A schedule as the API shows it, with its next time after `now`. */
export const showSchedule = (stored: Schedule, now: Date): ScheduleView => {
  const { tenant: _, ...schedule } = stored;
  if (schedule.paused) return schedule;
  const next = nextDue(readExpression(schedule.expression, schedule.time_zone), new Date(schedule.changed_at), now);
  return next === undefined ? schedule : { ...schedule, next_due_at: next.toISOString() };
};
