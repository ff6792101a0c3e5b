import { randomUUID } from 'node:crypto';
import type { EcsTasks } from './ecs-tasks.ts';
import type { FargateSettings } from './fargate-settings.ts';
import { newToken } from './holder-tasks.ts';
import { type Kept, placeKeys, type PlaceRecords, type PlaceTable } from './place-table.ts';
import { taskState } from './task-state.ts';
import { warmOrigin, type WarmTask } from './ticket.ts';

/** Tasks that are started before anybody asks: each has a place, and the first holder whose turn it is takes it. */
export type WarmPool = {
  /** Those that can be taken, the oldest first. */
  usable(records: PlaceRecords): readonly Kept<WarmTask>[];
  /** Ends those that have stopped or whose lease lapses soon, and starts others in their place, while nobody waits. */
  refresh(): Promise<{ readonly started: number; readonly ended: number }>;
};

/** A task whose lease lapses sooner would end before it is first called: the lease of one that nobody calls counts from its start. */
const marginSeconds = 900;

/** The pool, kept in the table. */
export const createWarmPool = (own: {
  readonly tasks: EcsTasks;
  readonly places: PlaceTable;
  readonly settings: FargateSettings;
  readonly now: () => Date;
}): WarmPool => {
  const { tasks, places, settings, now } = own;
  const { lease_seconds } = settings.supervisor;
  const lapsesSoon = ({ created_at }: WarmTask): boolean =>
    now().getTime() - Date.parse(created_at) > Math.max(lease_seconds - marginSeconds, lease_seconds / 2) * 1000;

  const end = async ({ value, revision }: Kept<WarmTask>, records: PlaceRecords): Promise<void> => {
    const place = records.places.find(({ value: one }) => one.held_by === placeKeys.warm(value.id));
    // First it is nobody's, then it is stopped: who would take it meanwhile comes too late.
    const gone = await places.write([
      { key: placeKeys.warm(value.id), was: revision },
      ...(place === undefined ? [] : [{ key: placeKeys.place(place.value.number), was: place.revision }]),
    ]);
    if (gone && value.task_arn !== undefined) await tasks.stop(value.task_arn, 'Replaced before its lease lapses.');
  };

  /** Starts what has a place and no task: of this call, or of one that died in between. */
  const start = async ({ value, revision }: Kept<WarmTask>, records: PlaceRecords): Promise<boolean> => {
    const started = await tasks.run(warmOrigin(value));
    if ('problem' in started) {
      await end({ value, revision }, records);
      return false;
    }
    const now = { ...value, task_arn: started.arn };
    return places.write([{ key: placeKeys.warm(value.id), was: revision, now }]);
  };

  return {
    usable: ({ warm }) =>
      warm
        .filter(({ value }) => value.task_arn !== undefined && !lapsesSoon(value))
        .toSorted((a, b) => (a.value.created_at < b.value.created_at ? -1 : 1)),

    async refresh() {
      let records = await places.all();
      let ended = 0;
      const arns = records.warm.flatMap(({ value }) => value.task_arn ?? []);
      const described = arns.length === 0 ? [] : await tasks.describe(arns);
      for (const one of records.warm) {
        const task = described.find(({ taskArn }) => taskArn === one.value.task_arn);
        const stopped = one.value.task_arn !== undefined && taskState(task).state === 'stopped';
        if (!stopped && !lapsesSoon(one.value)) continue;
        await end(one, records);
        ended += 1;
      }

      records = await places.all();
      const waits = records.tickets.some(({ value }) => value.place === undefined);
      const taken = new Set(records.places.map(({ value }) => value.number));
      const free = Array.from({ length: settings.places }, (_, number) => number).filter((one) => !taken.has(one));
      const missing = waits ? 0 : Math.min(free.length, settings.warm - records.warm.length);
      for (const place of free.slice(0, Math.max(0, missing))) {
        const id = randomUUID();
        const key = placeKeys.warm(id);
        const task: WarmTask = { id, place, created_at: now().toISOString(), token: newToken(), starts: 0 };
        await places.write([
          { key, now: task },
          { key: placeKeys.place(place), now: { number: place, held_by: key } },
        ]);
      }

      records = await places.all();
      let started = 0;
      for (const one of records.warm) if (one.value.task_arn === undefined && (await start(one, records))) started += 1;
      return { started, ended };
    },
  };
};
