import type { ECSClient } from '@aws-sdk/client-ecs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Failure } from '../../contracts/failure.ts';
import type { Sandbox, Taken } from '../../ports/sandbox.ts';
import { openEcsTasks } from './fargate/ecs-tasks.ts';
import type { FargateSettings } from './fargate/fargate-settings.ts';
import { createHolderTasks, type HolderTasks, type TicketStep } from './fargate/holder-tasks.ts';
import { type Kept, placeKeys, type PlaceTable, dynamoPlaceTable } from './fargate/place-table.ts';
import { createSandboxQueue, type SandboxQueue } from './fargate/sandbox-queue.ts';
import { createSandboxSweeper, type FargateSweep } from './fargate/sweep-sandboxes.ts';
import type { Ticket } from './fargate/ticket.ts';
import { createWarmPool } from './fargate/warm-pool.ts';

/** What sandboxes on Fargate are made of. */
export type FargateSandboxOptions = {
  readonly ecs: ECSClient;
  readonly dynamo: DynamoDBDocumentClient;
  readonly table: string;
  readonly settings: FargateSettings;
  readonly now?: () => Date;
};

/** Taking sandboxes, giving them back, and clearing away those of nobody. All of it outside the sandboxes' network. */
export type FargateSandbox = Pick<Sandbox, 'take' | 'release' | 'abandon'> & {
  sweep(lives: Parameters<Sandbox['sweep']>[0]): Promise<FargateSweep>;
};

/** A step that somebody else got ahead of is done anew; so often in a row means a crowd, and then one waits. */
const maxSteps = 12;
/** How often it is noted that a holder still asks: each time would be a write each time. */
const noteSeconds = 20;

/**
 * Sandboxes as tasks on Fargate, each for one lease. Who has a place and which task is whose stands in the run table, and
 * every change of it is conditional: any number of functions may do this at once, or die in the middle.
 */
export const fargateSandbox = (options: FargateSandboxOptions): FargateSandbox => {
  const { ecs, dynamo, table, settings, now = () => new Date() } = options;
  const places = dynamoPlaceTable({ client: dynamo, table });
  const tasks = openEcsTasks(ecs, settings);
  const holders = createHolderTasks({ tasks, places, port: settings.supervisor.listen.port, now });
  const warm = createWarmPool({ tasks, places, settings, now });
  const queue = createSandboxQueue({ places, warm, settings, now });
  const sweep = createSandboxSweeper({ tasks, places, holders, warm, now });
  const parts = { places, holders, queue, now };

  return {
    async take(tenant, holder, attempt) {
      let waits = false;
      for (let steps = 0; steps < maxSteps; steps += 1) {
        const found = await places.ticket(tenant, holder);
        // It was abandoned meanwhile; to enter the queue once more would be to wait for nobody.
        if (found === undefined && waits)
          throw new Failure('RUN_CANCELLED', `The ${holder.kind} ${holder.id} ended while a sandbox was taken for it.`);
        waits = found === undefined || found.value.attempt === attempt;
        const taken = await step(parts, found, { tenant, holder, attempt });
        if (taken !== 'again') return taken;
      }
      return { state: 'queued', wait_seconds: 2 } satisfies Taken;
    },

    async release(lease) {
      const found = await places.ticket(lease.tenant, lease.holder);
      if (found?.value.token === lease.token) await holders.end(found, 'Released.');
    },

    async abandon(tenant, holder) {
      const found = await places.ticket(tenant, holder);
      if (found !== undefined) await holders.end(found, 'Abandoned.');
    },

    sweep,
  };
};

type Parts = {
  readonly places: PlaceTable;
  readonly holders: HolderTasks;
  readonly queue: SandboxQueue;
  readonly now: () => Date;
};

/** One step of a holder: into the queue, out of it to a place, to a task, to a lease. */
const step = async (
  { places, holders, queue, now }: Parts,
  found: Kept<Ticket> | undefined,
  { tenant, holder, attempt }: Pick<Ticket, 'tenant' | 'holder' | 'attempt'>,
): Promise<TicketStep> => {
  if (found === undefined) {
    await queue.enter({ tenant, holder, attempt });
    return 'again';
  }
  const { value } = found;
  if (value.attempt > attempt)
    throw new Failure(
      'CONFLICT',
      `The ${holder.kind} ${holder.id} takes its sandbox in attempt ${value.attempt}; this is attempt ${attempt}.`,
    );
  if (value.attempt < attempt) {
    await holders.end(found, `Attempt ${attempt} has begun.`);
    return 'again';
  }
  if (value.place === undefined) return queue.move(found);
  if (now().getTime() - Date.parse(value.asked_at) > noteSeconds * 1000) {
    const asked = { ...value, asked_at: now().toISOString() };
    await places.write([{ key: placeKeys.ticket(tenant, holder), was: found.revision, now: asked }]);
    return 'again';
  }
  return value.task_arn === undefined ? holders.start(found) : holders.look(found);
};
