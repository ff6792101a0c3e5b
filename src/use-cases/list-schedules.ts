import type { SchedulePage } from '../contracts/schedule.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { showSchedule } from './show-schedule.ts';

/** One page of the tenant's schedules, by name, each with its next time. */
export const listSchedules = async (
  ports: PortsOf<'list-schedules', 'clock'>,
  tenant: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<SchedulePage> => {
  const { items, unreadable, next_cursor } = await ports.schedules.list(tenant, page);
  const now = ports.clock.now();
  return {
    schedules: items.map((schedule) => showSchedule(schedule, now)),
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(next_cursor === undefined ? {} : { next_cursor }),
  };
};
