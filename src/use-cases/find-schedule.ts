import { Failure } from '../contracts/failure.ts';
import type { Schedule } from '../contracts/schedule.ts';
import type { Using } from '../ports/port-access.ts';

/** The schedule, or NOT_FOUND; another tenant's is not found either, and the message does not tell them apart. */
export const findSchedule = async (
  ports: Using<{ schedules: 'read' }>,
  tenant: string,
  name: string,
): Promise<Schedule> => {
  const schedule = await ports.schedules.get(tenant, name);
  if (schedule === undefined)
    throw new Failure('NOT_FOUND', `There is no schedule "${name}".`, {
      where: 'path.name',
      advice: { kind: 'see_schedules' },
    });
  return schedule;
};
