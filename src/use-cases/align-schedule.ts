import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import type { PortsOf } from '../ports/port-access.ts';

/** Makes the scheduler due as the stored schedule says, and forget one that is not stored: what a crash or a race left. */
export const alignSchedule = async (
  ports: PortsOf<'align-schedule', never>,
  { tenant, schedule: name }: TaskInput<'align-schedule'>,
): Promise<TaskOutput<'align-schedule'>> => {
  const schedule = await ports.schedules.get(tenant, name);
  await (schedule === undefined ? ports.scheduler.remove(tenant, name) : ports.scheduler.put(schedule));
  return { stored: schedule !== undefined };
};
