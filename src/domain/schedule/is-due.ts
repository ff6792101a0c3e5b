import type { Schedule } from '../../contracts/schedule.ts';
import { nextDue } from './next-due.ts';
import { readExpression } from './read-expression.ts';

/** A call for a due time, made by a scheduler that knows the schedule as it was changed at `changed_at`. */
export type DueCall = { readonly due_at: string; readonly changed_at: string };

/**
 * Whether a schedule is due as a call says. A call may come late, when the schedule is paused, changed or has had a later time
 * since; and the scheduler may not know of a change yet, so that only what is due by the schedule as it stands counts.
 */
export const isDue = (schedule: Omit<Schedule, 'tenant'>, call: DueCall): boolean => {
  const due = new Date(call.due_at);
  const changed = new Date(schedule.changed_at);
  if (schedule.paused || due < changed) return false;
  if (schedule.last !== undefined && due < new Date(schedule.last.due_at)) return false;
  if (call.changed_at === schedule.changed_at) return true;
  const next = nextDue(readExpression(schedule.expression, schedule.time_zone), changed, new Date(due.getTime() - 1));
  return next?.getTime() === due.getTime();
};
