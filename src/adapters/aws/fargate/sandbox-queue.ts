import { Failure } from '../../../contracts/failure.ts';
import type { FargateSettings } from './fargate-settings.ts';
import { newToken, type TicketStep } from './holder-tasks.ts';
import { type Kept, placeKeys, type PlaceChange, type PlaceRecords, type PlaceTable, whatever } from './place-table.ts';
import type { Ticket } from './ticket.ts';
import type { WarmPool } from './warm-pool.ts';
import { whoseTurn } from './whose-turn.ts';

/** The queue for places. */
export type SandboxQueue = {
  /** Joins it, behind those that wait. Fails with SANDBOX_UNAVAILABLE where too many do. */
  enter(newcomer: Pick<Ticket, 'tenant' | 'holder' | 'attempt'>): Promise<void>;
  /** Moves on to a place, if it is this one’s turn and there is one. */
  move(ticket: Kept<Ticket>): Promise<TicketStep>;
};

/** A thousand tickets are 300 KB, which everyone who waits reads when it asks. */
const maxWaiting = 1_000;
/** Who waits is told to ask again within a minute; who has not for three has gone away. */
export const silenceSeconds = 180;
/** Who was served so long ago is due before all that wait. */
const servedSeconds = 86_400;
const waitSeconds = { least: 10, most: 60 } as const;

/** The queue, kept in the table. */
export const createSandboxQueue = (own: {
  readonly places: PlaceTable;
  readonly warm: WarmPool;
  readonly settings: FargateSettings;
  readonly now: () => Date;
}): SandboxQueue => {
  const { places, warm, settings, now } = own;
  const waitingIn = ({ tickets }: PlaceRecords): readonly Ticket[] =>
    tickets
      .map(({ value }) => value)
      .filter(({ place, asked_at }) => place === undefined && !isSilent(asked_at, now()));

  return {
    async enter({ tenant, holder, attempt }) {
      const before = waitingIn(await places.all()).length;
      if (before >= maxWaiting)
        throw new Failure(
          'SANDBOX_UNAVAILABLE',
          `${before} runs wait for one of the ${settings.places} sandboxes, which is the most that may. Start fewer runs at once, or let there be more sandboxes (SANDBOX_PLACES).`,
        );
      const at = now().toISOString();
      const ticket: Ticket = { tenant, holder, attempt, entered_at: at, asked_at: at, token: newToken(), starts: 0 };
      await places.write([{ key: placeKeys.ticket(tenant, holder), now: ticket }]);
    },

    async move(ticket) {
      const records = await places.all();
      const at = now().toISOString();
      const { tenant, holder } = ticket.value;
      const key = placeKeys.ticket(tenant, holder);
      const self = { ...ticket.value, asked_at: at };
      const others = waitingIn(records).filter((one) => placeKeys.ticket(one.tenant, one.holder) !== key);
      const holding = records.tickets.map(({ value }) => value).filter(({ place }) => place !== undefined);
      const served = records.served.map(({ value }) => value);
      const position = whoseTurn([self, ...others], holding, served).indexOf(self);

      const servedNow = {
        key: placeKeys.served(tenant),
        was: whatever,
        now: { tenant, at },
        expires: Math.ceil(now().getTime() / 1000) + servedSeconds,
      };
      const ready = warm.usable(records);
      const taken = new Set(records.places.map(({ value }) => value.number));
      const free = Array.from({ length: settings.places }, (_, number) => number).filter((one) => !taken.has(one));
      const task = ready[position];
      const number = free[position - ready.length];
      if (task !== undefined) {
        const { token, starts, task_arn, created_at } = task.value;
        const place = records.places.find(({ value }) => value.number === task.value.place);
        const moved = {
          ...self,
          place: task.value.place,
          placed_at: at,
          token,
          starts,
          task_arn,
          started_at: created_at,
        };
        await places.write([
          { key, was: ticket.revision, now: moved },
          { key: placeKeys.warm(task.value.id), was: task.revision },
          placeOf(task.value.place, key, place?.revision),
          servedNow,
        ]);
        return 'again';
      }
      if (number !== undefined) {
        const moved = { ...self, place: number, placed_at: at };
        await places.write([{ key, was: ticket.revision, now: moved }, placeOf(number, key), servedNow]);
        return 'again';
      }
      // It asks, so it waits still.
      if (!(await places.write([{ key, was: ticket.revision, now: self }]))) return 'again';
      const ahead = position - free.length - ready.length + 1;
      return { state: 'queued', wait_seconds: Math.min(waitSeconds.most, waitSeconds.least * ahead) };
    },
  };
};

const placeOf = (number: number, held_by: string, was?: string): PlaceChange => ({
  key: placeKeys.place(number),
  was,
  now: { number, held_by },
});

/** Whether who waits has not asked for so long that it waits no more. */
export const isSilent = (asked_at: string, now: Date): boolean =>
  now.getTime() - Date.parse(asked_at) > silenceSeconds * 1000;
