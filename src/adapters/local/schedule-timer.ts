import { createHash } from 'node:crypto';
import { Failure, toFailure } from '../../contracts/failure.ts';
import type { Schedule } from '../../contracts/schedule.ts';
import type { TaskInput } from '../../contracts/tasks.ts';
import { missedDue } from '../../domain/schedule/missed-due.ts';
import { nextDue } from '../../domain/schedule/next-due.ts';
import { readExpression } from '../../domain/schedule/read-expression.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Scheduler } from '../../ports/scheduler.ts';
import { realSleep, type Time } from './asl/time.ts';
import type { TellUnreadable } from './stores/sqlite-schedule-store.ts';

/** What the timer is made of. */
export type ScheduleTimerOptions = {
  /** The stored schedules of every tenant: what is due is read from them, so a change needs no second place. */
  readonly schedules: (tell: TellUnreadable) => readonly Schedule[];
  readonly startScheduled: (call: TaskInput<'start-scheduled'>) => Promise<unknown>;
  readonly clock: Pick<Clock, 'now'>;
  readonly sleep?: Time['sleep'];
  /** Is told what went wrong; the timer goes on. */
  readonly onError: (thrown: unknown, about?: { readonly tenant: string; readonly schedule: string }) => void;
};

/** The scheduler of one machine. */
export type ScheduleTimer = Scheduler & {
  /** From now on calls what is due, first once for what was missed while no timer ran. */
  start(): void;
  /** Lets a call that is under way end, and makes no other. */
  stop(): Promise<void>;
};

/** A machine that sleeps, or whose clock is set, is late by no more than this. */
const maxSleep = 60_000;

/** A call that fails is made again after these; Lambda's asynchronous calls do the same. */
const retryMilliseconds = [60_000, 120_000];

type Pending = { readonly call: TaskInput<'start-scheduled'>; readonly at: number; readonly tries: number };

/**
 * Calls what is due by the clock, not by adding up what it has slept, so it does not drift. What was called is in the stored
 * schedules, so a restart forgets nothing.
 */
export const scheduleTimer = (options: ScheduleTimerOptions): ScheduleTimer => {
  const { clock, sleep = realSleep } = options;
  // What was called and could not be noted: it is not called without end.
  const called = new Map<string, string>();
  let pending: readonly Pending[] = [];
  let wake = new AbortController();
  let stopped = false;
  let loop: Promise<void> | undefined;

  const make = async (call: TaskInput<'start-scheduled'>, tries: number): Promise<void> => {
    try {
      await options.startScheduled(call);
    } catch (thrown) {
      options.onError(thrown, call);
      const delay = retryMilliseconds[tries];
      if (delay !== undefined) pending = [...pending, { call, at: clock.now().getTime() + delay, tries: tries + 1 }];
    }
  };

  // A timer looks every minute: what is wrong with a schedule is told once, and again where something else is.
  const told = new Map<string, string>();
  const tellOnce: TellUnreadable = (thrown, which) => {
    const key = `${which.tenant}/${which.schedule}`;
    const { message } = toFailure(thrown);
    if (told.get(key) !== message) options.onError(thrown, which);
    told.set(key, message);
  };

  /** Calls a schedule where it is due, and says when it is next. */
  const callDue = async (schedule: Schedule, now: Date): Promise<number | undefined> => {
    const due = readExpression(schedule.expression, schedule.time_zone, 'stored');
    const anchor = new Date(schedule.changed_at);
    const key = `${schedule.tenant}/${schedule.name}`;
    const missed = missedDue(due, anchor, latest(schedule.changed_at, schedule.last?.due_at, called.get(key)), now);
    if (missed !== undefined) {
      called.set(key, missed.toISOString());
      await make(callOf(schedule, missed), 0);
    }
    return nextDue(due, anchor, now)?.getTime();
  };

  /** Calls all that is due, and says when the next is. One schedule that cannot be read keeps no other from being due. */
  const round = async (): Promise<number> => {
    const now = clock.now();
    let next = now.getTime() + maxSleep;
    const again = pending.filter(({ at }) => at <= now.getTime());
    pending = pending.filter(({ at }) => at > now.getTime());
    for (const { call, tries } of again) if (!stopped) await make(call, tries);
    for (const schedule of options.schedules(tellOnce)) {
      if (stopped || schedule.paused) continue;
      try {
        next = Math.min(next, (await callDue(schedule, now)) ?? next);
      } catch (thrown) {
        tellOnce(thrown, { tenant: schedule.tenant, schedule: schedule.name });
      }
    }
    return Math.min(next, ...pending.map(({ at }) => at));
  };

  const run = async (): Promise<void> => {
    while (!stopped) {
      wake = new AbortController();
      let until = clock.now().getTime() + maxSleep;
      try {
        until = await round();
      } catch (thrown) {
        options.onError(thrown);
      }
      // Whoever changed a schedule meanwhile has woken the timer already, and it looks again at once.
      if (!wake.signal.aborted)
        await sleep(Math.max(1, until - clock.now().getTime()), wake.signal).catch(() => undefined);
    }
  };

  const look = async (): Promise<void> => wake.abort(new Failure('CONFLICT', 'A schedule was changed.'));
  return {
    announce: async () => undefined,
    put: look,
    remove: look,
    start: () => {
      loop ??= run();
    },
    stop: async () => {
      stopped = true;
      await look();
      await loop;
    },
  };
};

const latest = (...times: readonly (string | undefined)[]): Date =>
  new Date(Math.max(...times.flatMap((time) => (time === undefined ? [] : [new Date(time).getTime()]))));

/** The call for a time: the same one after a restart. */
const callOf = ({ tenant, name, changed_at }: Schedule, due: Date): TaskInput<'start-scheduled'> => {
  const due_at = due.toISOString();
  const execution_id = createHash('sha256')
    .update(JSON.stringify([tenant, name, due_at]))
    .digest('hex')
    .slice(0, 32);
  return { tenant, schedule: name, changed_at, due_at, execution_id };
};
