import { expect, it } from 'vitest';
import { scheduleTimer } from '../../../src/adapters/local/schedule-timer.ts';
import type { TaskInput } from '../../../src/contracts/tasks.ts';
import { describeSchedulerContract } from '../../contracts/scheduler-contract.ts';
import { sampleSchedule } from '../../contracts/stores/samples.ts';
import { settle, virtualTime } from './asl/virtual-time.ts';

describeSchedulerContract('the timer of one machine', async ({ start, stores, call }) => {
  const time = virtualTime(start);
  const make = () =>
    scheduleTimer({
      schedules: (tell) => stores.schedules.all(tell),
      startScheduled: call.startScheduled,
      clock: time.clock,
      sleep: time.sleep,
      onError: () => undefined,
    });
  let timer = make();
  timer.start();
  const advance = (to: Date): Promise<void> => time.pass((to.getTime() - time.clock.now().getTime()) / 1_000);
  return {
    scheduler: {
      announce: (...args) => timer.announce(...args),
      put: (...args) => timer.put(...args),
      remove: (...args) => timer.remove(...args),
    },
    now: () => time.clock.now(),
    advance,
    async outage(to) {
      await timer.stop();
      await advance(to);
      timer = make();
      timer.start();
      await settle();
    },
    dispose: () => timer.stop(),
  };
});

it('calls once for all times that were missed, with the id it would have called the last one with', async () => {
  const calls: TaskInput<'start-scheduled'>[] = [];
  const schedule = { ...sampleSchedule('acme'), expression: 'cron(0 * * * ? *)', time_zone: 'UTC' };
  const run = async (start: string): Promise<number> => {
    const time = virtualTime(new Date(start));
    const timer = scheduleTimer({
      schedules: () => [schedule],
      startScheduled: async (call) => void calls.push(call),
      clock: time.clock,
      sleep: time.sleep,
      onError: () => undefined,
    });
    timer.start();
    await time.pass(300);
    await timer.stop();
    return time.slept.length;
  };
  // Whoever dies before what it called for is noted calls for the same again.
  for (const start of ['2026-02-02T12:30:00Z', '2026-02-02T12:40:00Z']) expect(await run(start)).toBeLessThan(10);
  expect(calls).toHaveLength(2);
  expect(calls[0]).toMatchObject({ due_at: '2026-02-02T12:00:00.000Z', execution_id: calls[1]?.execution_id });
});

it('lets no schedule that cannot be read keep others from being due, and tells of it once', async () => {
  const calls: string[] = [];
  const told: unknown[] = [];
  const good = { ...sampleSchedule('acme'), name: 'good', expression: 'cron(0 * * * ? *)', time_zone: 'UTC' };
  const broken = { ...good, name: 'broken', expression: 'rate(1 minute)', time_zone: 'Middle/Earth' };
  const time = virtualTime(new Date('2026-02-02T12:30:00Z'));
  const timer = scheduleTimer({
    schedules: (tell) => {
      tell(new Error('It is no JSON.'), { tenant: 'other', schedule: 'unreadable' });
      return [broken, good];
    },
    startScheduled: async ({ schedule }) => void calls.push(schedule),
    clock: time.clock,
    sleep: time.sleep,
    onError: (_, about) => told.push(about?.schedule),
  });
  timer.start();
  await time.pass(3_600);
  await timer.stop();
  expect(new Set(calls)).toEqual(new Set(['good']));
  expect(told).toEqual(['unreadable', 'broken']);
});
