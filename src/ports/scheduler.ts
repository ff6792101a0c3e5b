import type { Schedule } from '../contracts/schedule.ts';

/**
 * What calls `start-scheduled` when a schedule is due: at least once for each time, of which a repeated call bears the same. It
 * may do so late, after an outage once for all that was missed. What is stored says what is due; the scheduler follows it.
 */
export type Scheduler = {
  /**
   * Said before a change of a schedule is stored. Whoever makes it may die before `put` or `remove`, or two may come in the other
   * order than their writes: within minutes the scheduler looks at what is stored, and is due as that says.
   */
  announce(tenant: string, name: string): Promise<void>;
  /** From now on the schedule is due as it says, and not as it said before. Doing it again changes nothing. */
  put(schedule: Omit<Schedule, 'last'>): Promise<void>;
  /** It is never due again. Removing what is gone is no error. */
  remove(tenant: string, name: string): Promise<void>;
};
