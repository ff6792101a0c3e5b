import type { Caller } from '../contracts/caller.ts';
import type { Schedule, ScheduleRequest, ScheduleView } from '../contracts/schedule.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { checkSchedule } from './check-schedule.ts';
import { showSchedule } from './show-schedule.ts';

/**
 * Keeps a schedule and makes it due. It is announced, stored, and put, in this order: after a crash in between the scheduler
 * looks at what is stored, so that nothing is shown that is never due; and what is called without being stored starts nothing.
 * Fails with CONFLICT where there is one of the name.
 */
export const createSchedule = async (
  ports: PortsOf<'create-schedule'>,
  caller: Caller,
  request: ScheduleRequest,
): Promise<ScheduleView> => {
  const { tenant, actor } = caller;
  const now = ports.clock.now();
  const at = now.toISOString();
  const schedule: Schedule = { tenant, ...request, created_at: at, created_by: actor, changed_at: at, revision: 1 };
  await checkSchedule(ports, caller, schedule);
  await ports.scheduler.announce(tenant, schedule.name);
  await ports.schedules.create(schedule);
  try {
    await ports.scheduler.put(schedule);
  } catch (thrown) {
    await ports.schedules.delete(tenant, schedule.name);
    throw thrown;
  }
  ports.log.info('schedule created', { schedule: schedule.name, expression: schedule.expression });
  return showSchedule(schedule, now);
};
