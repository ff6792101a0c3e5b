import { Failure } from '../../../contracts/failure.ts';
import { Schedule } from '../../../contracts/schedule.ts';
import type { ScheduleStore } from '../../../ports/schedule-store.ts';
import { documentAttributes, plain } from './dynamo-document.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { dynamoNamedList } from './dynamo-named-list.ts';
import { scheduleKey } from './dynamo-table.ts';

/** Schedules in a DynamoDB table. */
export const dynamoScheduleStore = (table: DocumentTable): ScheduleStore => {
  const { items } = table;
  return {
    async create(schedule) {
      const key = scheduleKey(schedule.tenant, schedule.name);
      if (!(await items.putNew({ ...key, ...documentAttributes(key.sk, Schedule, schedule) })))
        throw new Failure(
          'CONFLICT',
          `There is a schedule "${schedule.name}" already. Change it, or take another name.`,
          {
            where: 'body.name',
          },
        );
    },

    get: async (tenant, name) => table.get(Schedule, scheduleKey(tenant, name)),

    list: async (tenant, page) =>
      dynamoNamedList(table, Schedule, { list: 'schedules', keyOf: scheduleKey }, tenant, page),

    async replace(schedule) {
      const fields = Object.entries(plain(table.where, Schedule, schedule) as Readonly<Record<string, unknown>>);
      return items.update(scheduleKey(schedule.tenant, schedule.name), {
        kind: 'replaced',
        set: fields.map(([name]) => `#document.#${name} = :${name}`),
        condition: '#document.#revision = :before',
        names: { '#document': 'document', ...Object.fromEntries(fields.map(([name]) => [`#${name}`, name])) },
        values: {
          ':before': schedule.revision - 1,
          ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
        },
      });
    },

    noteDue: async (tenant, name, last) =>
      items.update(scheduleKey(tenant, name), {
        kind: 'noted',
        set: ['#document.#last = :last'],
        names: { '#document': 'document', '#last': 'last' },
        values: { ':last': plain(table.where, Schedule.shape.last, last) },
      }),

    delete: async (tenant, name) => items.remove(scheduleKey(tenant, name)),
  };
};
