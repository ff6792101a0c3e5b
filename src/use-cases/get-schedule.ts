import type { ScheduleView } from '../contracts/schedule.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findSchedule } from './find-schedule.ts';
import { showSchedule } from './show-schedule.ts';

/** One schedule, with its next time. */
export const getSchedule = async (
  ports: PortsOf<'get-schedule', 'clock'>,
  tenant: string,
  name: string,
): Promise<ScheduleView> => showSchedule(await findSchedule(ports, tenant, name), ports.clock.now());
