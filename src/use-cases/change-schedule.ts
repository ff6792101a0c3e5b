import type { Caller } from '../contracts/caller.ts';
import { Failure } from '../contracts/failure.ts';
import type { Schedule, ScheduleChange, ScheduleView } from '../contracts/schedule.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { checkSchedule } from './check-schedule.ts';
import { findSchedule } from './find-schedule.ts';
import { showSchedule } from './show-schedule.ts';

/**
 * Replaces what a change names, in the order of `createSchedule`. Of several who change it at once one does, the others fail
 * with CONFLICT. Where the scheduler refuses it, the schedule is as it was.
 */
export const changeSchedule = async (
  ports: PortsOf<'change-schedule'>,
  caller: Caller,
  name: string,
  change: ScheduleChange,
): Promise<ScheduleView> => {
  const { tenant } = caller;
  const { last, ...before } = await findSchedule(ports, tenant, name);
  const now = ports.clock.now();
  const named = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const schedule: Schedule = {
    ...before,
    ...named,
    changed_at: now.toISOString(),
    revision: before.revision + 1,
  };
  await checkSchedule(ports, caller, schedule);
  await ports.scheduler.announce(tenant, name);
  if (!(await ports.schedules.replace(schedule)))
    throw new Failure('CONFLICT', `The schedule "${name}" was changed by another request at the same moment.`, {
      where: 'path.name',
      advice: { kind: 'see_schedule', schedule: name },
    });
  try {
    await ports.scheduler.put(schedule);
  } catch (thrown) {
    await ports.schedules.replace({ ...before, revision: schedule.revision + 1 });
    throw thrown;
  }
  ports.log.info('schedule changed', { schedule: name, fields: Object.keys(named) });
  return showSchedule(last === undefined ? schedule : { ...schedule, last }, now);
};
