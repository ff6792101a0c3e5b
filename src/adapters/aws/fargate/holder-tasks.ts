import { randomBytes } from 'node:crypto';
import type { Task } from '@aws-sdk/client-ecs';
import { Failure } from '../../../contracts/failure.ts';
import type { Taken } from '../../../ports/sandbox.ts';
import type { EcsTasks } from './ecs-tasks.ts';
import { type Kept, placeKeys, type PlaceTable } from './place-table.ts';
import type { TaskProblem } from './task-problem.ts';
import { taskState } from './task-state.ts';
import { type Ticket, ticketOrigin } from './ticket.ts';

/** What happened to a ticket: an answer for its holder, or `again`, where somebody else changed it meanwhile. */
export type TicketStep = Taken | 'again';

/** The task of a holder that has a place. */
export type HolderTasks = {
  /** Starts the task. */
  start(ticket: Kept<Ticket>): Promise<TicketStep>;
  /** Looks how far the task is. */
  look(ticket: Kept<Ticket>): Promise<TicketStep>;
  /** Stops the task, and gives the place back, or the place in the queue. */
  end(ticket: Kept<Ticket>, reason: string): Promise<void>;
};

/** A task runs within a minute or two; one that does not in this time will not. */
const startSeconds = 300;
/** So long it is tried again, for what passes: capacity, quota, addresses. */
const tryingSeconds = 900;
/** How often it is asked whether a task runs: each look is three transitions, and costs as much as three seconds of a task. */
const lookSeconds = 10;

const secondsBetween = (from: string | undefined, now: Date): number =>
  from === undefined ? 0 : (now.getTime() - Date.parse(from)) / 1000;

/** A token of 256 bits. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** Tasks of holders, in a cluster. */
export const createHolderTasks = (own: {
  readonly tasks: EcsTasks;
  readonly places: PlaceTable;
  readonly port: number;
  readonly now: () => Date;
}): HolderTasks => {
  const { tasks, places, port, now } = own;
  const keyOf = ({ tenant, holder }: Ticket): string => placeKeys.ticket(tenant, holder);
  const replace = ({ value, revision }: Kept<Ticket>, by: Partial<Ticket>): Promise<boolean> =>
    places.write([{ key: keyOf(value), was: revision, now: { ...value, ...by } }]);

  const end = async (ticket: Kept<Ticket>, reason: string): Promise<void> => {
    const key = keyOf(ticket.value);
    let known: Kept<Ticket> | undefined = ticket;
    while (known !== undefined && known.value.attempt === ticket.value.attempt) {
      const { value, revision }: Kept<Ticket> = known;
      if (value.place !== undefined) {
        // One RunTask can, in a fault of AWS, have started two.
        const all = await tasks.list(ticketOrigin(value).started_by);
        const own = value.task_arn === undefined ? [] : [value.task_arn];
        for (const arn of new Set([...own, ...all])) await tasks.stop(arn, reason);
      }
      const place =
        value.place === undefined
          ? undefined
          : (await places.all()).places.find(({ value: one }) => one.number === value.place && one.held_by === key);
      const gone = [
        { key, was: revision },
        ...(place === undefined ? [] : [{ key: placeKeys.place(place.value.number), was: place.revision }]),
      ];
      if (await places.write(gone)) return;
      known = await places.ticket(value.tenant, value.holder);
    }
  };

  /** Tries again later where that may help, else ends the ticket and says why. */
  const failed = async (ticket: Kept<Ticket>, problem: TaskProblem): Promise<TicketStep> => {
    const { starts, placed_at, holder } = ticket.value;
    if (starts + 1 < problem.tries && secondsBetween(placed_at, now()) < tryingSeconds) {
      const wait_seconds = Math.min(60, 5 * 2 ** starts);
      const { task_arn: _stopped, started_at: _then, ready_at: _ready, ...rest } = ticket.value;
      const next: Ticket = {
        ...rest,
        starts: starts + 1,
        token: newToken(),
        retry_at: new Date(now().getTime() + wait_seconds * 1000).toISOString(),
      };
      const done = await places.write([{ key: keyOf(ticket.value), was: ticket.revision, now: next }]);
      return done ? { state: 'starting', wait_seconds } : 'again';
    }
    await end(ticket, 'It came to nothing.');
    throw new Failure(
      'SANDBOX_UNAVAILABLE',
      `No sandbox could be started for ${holder.kind} ${holder.id}${starts === 0 ? '' : ` in ${starts + 1} tries`}. ${problem.message}`,
    );
  };

  const ready = async (ticket: Kept<Ticket>, arn: string, address: string): Promise<TicketStep> => {
    const { tenant, holder, attempt, token, ready_at } = ticket.value;
    // From now on an end of the task is not a start that failed.
    if (ready_at === undefined && !(await replace(ticket, { ready_at: now().toISOString() }))) return 'again';
    const lease_id = arn.split('/').at(-1) ?? arn;
    return {
      state: 'ready',
      lease: { tenant, holder, attempt, lease_id, address: `https://${address}:${port}/`, token },
    };
  };

  return {
    async start(ticket) {
      const { retry_at } = ticket.value;
      const wait = -secondsBetween(retry_at, now());
      if (retry_at !== undefined && wait > 0) return { state: 'starting', wait_seconds: Math.ceil(wait) };
      const started = await tasks.run(ticketOrigin(ticket.value));
      if ('problem' in started) return failed(ticket, started.problem);
      if (await replace(ticket, { task_arn: started.arn, started_at: now().toISOString() }))
        return { state: 'starting', wait_seconds: lookSeconds };
      // Whoever asked at the same time has noted the same task; if not, the holder is gone, and this one is nobody's.
      const since = await places.ticket(ticket.value.tenant, ticket.value.holder);
      if (since?.value.task_arn !== started.arn && since?.value.token !== ticket.value.token)
        await tasks.stop(started.arn, 'Its holder was gone before it was started.');
      else if (since.value.task_arn !== undefined && since.value.task_arn !== started.arn)
        await tasks.stop(started.arn, 'Another task was started by the same call.');
      return 'again';
    },

    async look(ticket) {
      const { task_arn: arn = '', started_at, ready_at } = ticket.value;
      const [task] = await tasks.describe([arn]);
      const found = taskState(task);
      if (found.state === 'running') return ready(ticket, arn, found.address);
      if (found.state === 'stopped') {
        if (ready_at === undefined) return failed(ticket, found.problem);
        // It was there and is no more: its holder gets another, as if it had just come.
        const { task_arn: _gone, started_at: _then, ready_at: _ready, retry_at: _before, ...rest } = ticket.value;
        const next: Ticket = { ...rest, starts: 0, token: newToken(), placed_at: now().toISOString() };
        await places.write([{ key: keyOf(ticket.value), was: ticket.revision, now: next }]);
        return 'again';
      }
      if (secondsBetween(started_at, now()) < startSeconds) return { state: 'starting', wait_seconds: lookSeconds };
      await tasks.stop(arn, 'It did not start in time.');
      return failed(ticket, slow(task));
    },

    end,
  };
};

const slow = (task: Task | undefined): TaskProblem => ({
  tries: 3,
  message:
    task?.lastStatus === 'RUNNING'
      ? `It ran and had no network address after ${startSeconds} s. Give subnets with free addresses.`
      : `It was still ${task?.lastStatus ?? 'unknown'} after ${startSeconds} s. Look at the task's events in the ECS console.`,
});
