import { Failure } from '../../../contracts/failure.ts';
import { Schedule } from '../../../contracts/schedule.ts';
import type { ScheduleStore } from '../../../ports/schedule-store.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';
import { sqliteNamedList } from './sqlite-named-list.ts';

/** Is told of a schedule that cannot be read, and why. */
export type TellUnreadable = (thrown: unknown, which: { readonly tenant: string; readonly schedule: string }) => void;

/** Schedules in a SQLite file. `all` are those of every tenant, for the timer of this machine; what cannot be read is told and left out. */
export const sqliteScheduleStore = (
  documents: SqliteDocuments,
): ScheduleStore & { all(tell: TellUnreadable): readonly Schedule[] } => {
  const { file, get, read, text, change } = documents;
  return {
    async create(schedule) {
      const created = file.run(
        'insert into schedules (tenant, name, document) values (?, ?, ?) on conflict do nothing',
        schedule.tenant,
        schedule.name,
        text(Schedule, schedule),
      );
      if (created === 0)
        throw new Failure(
          'CONFLICT',
          `There is a schedule "${schedule.name}" already. Change it, or take another name.`,
          {
            where: 'body.name',
          },
        );
    },

    async get(tenant, name) {
      return get(Schedule, 'select document from schedules where tenant = ? and name = ?', tenant, name);
    },

    list: async (tenant, page) => sqliteNamedList(documents, Schedule, 'schedules', tenant, page),

    async replace(schedule) {
      const replaced = file.run(
        `update schedules
       set document = iif(document -> '$.last' is null, ?1, json_set(?1, '$.last', json(document -> '$.last')))
       where tenant = ?2 and name = ?3 and document ->> 'revision' = ?4`,
        text(Schedule, schedule),
        schedule.tenant,
        schedule.name,
        schedule.revision - 1,
      );
      return replaced === 1;
    },

    async noteDue(tenant, name, last) {
      const note = {
        table: 'schedules',
        set: `json_set(document, '$.last', json(?))`,
        where: 'tenant = ? and name = ?',
      };
      return change(Schedule, note, JSON.stringify(last), tenant, name);
    },

    async delete(tenant, name) {
      return file.run('delete from schedules where tenant = ? and name = ?', tenant, name) === 1;
    },

    all: (tell) =>
      file.all('select tenant, name, document from schedules order by tenant, name').flatMap((row) => {
        try {
          return [read(Schedule, row)];
        } catch (thrown) {
          tell(thrown, { tenant: String(row['tenant']), schedule: String(row['name']) });
          return [];
        }
      }),
  };
};
