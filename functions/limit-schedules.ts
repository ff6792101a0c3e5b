import { Failure } from '../src/contracts/failure.ts';
import { isWithin } from '../src/contracts/prefix.ts';
import type { Schedule } from '../src/contracts/schedule.ts';
import type { ScheduleStore } from '../src/ports/schedule-store.ts';

/** The schedules as a key sees them that is limited to prefixes: those whose reports go elsewhere are not there. */
export const limitSchedules = (schedules: ScheduleStore, prefixes: readonly string[] | undefined): ScheduleStore => {
  if (prefixes === undefined) return schedules;
  const isSeen = ({ catalog }: Pick<Schedule, 'catalog'>): boolean => isWithin(catalog.s3_prefix, prefixes);
  const requireWithin = (schedule: Pick<Schedule, 'catalog'>): void => {
    if (!isSeen(schedule))
      throw new Failure('FORBIDDEN', `The API key may make schedules under ${prefixes.join(' or ')} alone.`);
  };
  const get: ScheduleStore['get'] = async (tenant, name) => {
    const schedule = await schedules.get(tenant, name);
    return schedule !== undefined && isSeen(schedule) ? schedule : undefined;
  };
  const isThere = async (tenant: string, name: string): Promise<boolean> => (await get(tenant, name)) !== undefined;
  return {
    async create(schedule) {
      requireWithin(schedule);
      await schedules.create(schedule);
    },
    get,
    async list(tenant, page) {
      // A page may hold few of them, or none, and more follow.
      // Nor is it told of those that cannot be read: nobody knows under which prefix they publish.
      const { items, unreadable: _, ...rest } = await schedules.list(tenant, page);
      return { items: items.filter(isSeen), ...rest };
    },
    async replace(schedule) {
      requireWithin(schedule);
      return (await isThere(schedule.tenant, schedule.name)) && schedules.replace(schedule);
    },
    noteDue: async (tenant, name, last) => (await isThere(tenant, name)) && schedules.noteDue(tenant, name, last),
    delete: async (tenant, name) => (await isThere(tenant, name)) && schedules.delete(tenant, name),
  };
};
