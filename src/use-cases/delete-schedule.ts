import { toFailure } from '../contracts/failure.ts';
import type { ScheduleView } from '../contracts/schedule.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findSchedule } from './find-schedule.ts';
import { showSchedule } from './show-schedule.ts';

/**
 * Forgets a schedule. Once it is not stored it starts nothing, whatever the scheduler still calls; that the scheduler forgets
 * it too was announced, so where it cannot be told now it is later.
 */
export const deleteSchedule = async (
  ports: PortsOf<'delete-schedule'>,
  tenant: string,
  name: string,
): Promise<ScheduleView> => {
  const schedule = await findSchedule(ports, tenant, name);
  await ports.scheduler.announce(tenant, name);
  await ports.schedules.delete(tenant, name);
  try {
    await ports.scheduler.remove(tenant, name);
  } catch (thrown) {
    const { kind, message } = toFailure(thrown);
    ports.log.warn('scheduler not told', { schedule: name, failure: kind, reason: message });
  }
  ports.log.info('schedule deleted', { schedule: name });
  return showSchedule(schedule, ports.clock.now());
};
