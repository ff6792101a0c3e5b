import type { Sandbox, SandboxSweep } from '../../../ports/sandbox.ts';
import type { EcsTasks } from './ecs-tasks.ts';
import type { HolderTasks } from './holder-tasks.ts';
import { placeKeys, type PlaceTable } from './place-table.ts';
import { isSilent } from './sandbox-queue.ts';
import { ticketOrigin, warmOrigin } from './ticket.ts';
import type { WarmPool } from './warm-pool.ts';

/** What a sweep found and ended, and how many tasks it started ahead, or ended of those. */
export type FargateSweep = SandboxSweep & {
  readonly warm: { readonly started: number; readonly ended: number };
};

/** A task may be this old before it stands in the table: RunTask has answered by then, or its function is dead. */
const unknownSeconds = 120;

/** Ends what nobody has, and tops up the tasks that are started ahead. */
export const createSandboxSweeper =
  (own: {
    readonly tasks: EcsTasks;
    readonly places: PlaceTable;
    readonly holders: HolderTasks;
    readonly warm: WarmPool;
    readonly now: () => Date;
  }) =>
  async (lives: Parameters<Sandbox['sweep']>[0]): Promise<FargateSweep> => {
    const { tasks, places, holders, warm, now } = own;
    const stopped: SandboxSweep['stopped'][number][] = [];
    let endedHolders = 0;
    for (const ticket of (await places.all()).tickets) {
      const { tenant, holder, asked_at, ready_at, task_arn } = ticket.value;
      const wentAway = ready_at === undefined && isSilent(asked_at, now());
      if (!wentAway && (await lives(tenant, holder))) continue;
      const reason = wentAway ? 'Nobody asked for it any more.' : 'Its holder has ended.';
      await holders.end(ticket, reason);
      endedHolders += 1;
      if (task_arn !== undefined)
        stopped.push({ sandbox: task_arn, started_by: ticketOrigin(ticket.value).started_by, reason });
    }

    // In this order: what is started after the list was made is not on it, what stands in the table by then is known.
    const living = await tasks.describe(await tasks.list());
    const { tickets, warm: ahead } = await places.all();
    const known = new Set([...tickets, ...ahead].flatMap(({ value }) => value.task_arn ?? []));
    const starting = new Set([
      ...tickets.filter(({ value }) => value.task_arn === undefined).map(({ value }) => ticketOrigin(value).started_by),
      ...ahead.filter(({ value }) => value.task_arn === undefined).map(({ value }) => warmOrigin(value).started_by),
    ]);
    for (const { taskArn = '', startedBy = '', createdAt } of living) {
      const young = createdAt !== undefined && now().getTime() - createdAt.getTime() < unknownSeconds * 1000;
      if (taskArn === '' || known.has(taskArn) || starting.has(startedBy) || young) continue;
      const reason = 'No run is known to have it.';
      await tasks.stop(taskArn, reason);
      stopped.push({ sandbox: taskArn, started_by: startedBy, reason });
    }

    // A place is given and given back together with its ticket; one without is of a ticket that was removed by hand.
    const { places: held, tickets: kept, warm: pool } = await places.all();
    const holding = new Set([
      ...kept.map(({ value }) => placeKeys.ticket(value.tenant, value.holder)),
      ...pool.map(({ value }) => placeKeys.warm(value.id)),
    ]);
    for (const { value, revision } of held)
      if (!holding.has(value.held_by)) await places.write([{ key: placeKeys.place(value.number), was: revision }]);

    return { holders: endedHolders, stopped, warm: await warm.refresh() };
  };
