import type { LastDue, Schedule } from '../contracts/schedule.ts';
import type { Page, PageRequest } from './page.ts';

/** Schedules by name. What makes them due is the scheduler. */
export type ScheduleStore = {
  /** Fails with CONFLICT where one has the name. */
  create(schedule: Schedule): Promise<void>;
  get(tenant: string, name: string): Promise<Schedule | undefined>;
  /** By name. Fails with INVALID_REQUEST on a cursor it did not give. */
  list(tenant: string, page: PageRequest): Promise<Page<Schedule>>;
  /** Puts the schedule in the place of the one of the revision before; what came of the last time stays. Says whether it was there. */
  replace(schedule: Omit<Schedule, 'last'>): Promise<boolean>;
  /** Notes what came of the last time; says whether there is such a schedule. */
  noteDue(tenant: string, name: string, last: LastDue): Promise<boolean>;
  /** Says whether there was such a one. */
  delete(tenant: string, name: string): Promise<boolean>;
};
