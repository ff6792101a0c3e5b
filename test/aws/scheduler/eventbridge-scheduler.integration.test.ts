import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { describe, expect, it } from 'vitest';
import { eventBridgeScheduler } from '../../../src/adapters/aws/eventbridge-scheduler.ts';
import { scheduleName } from '../../../src/adapters/aws/schedule-name.ts';
import type { TaskInput } from '../../../src/contracts/tasks.ts';
import { describeSchedulerContract } from '../../contracts/scheduler-contract.ts';
import { sampleSchedule } from '../../contracts/stores/samples.ts';
import { startSchedulerServer } from './scheduler-server.ts';

const group = 'surveyor-schedules';
const settings = {
  group,
  startScheduledArn: 'arn:aws:lambda:us-east-1:000000000000:function:start-scheduled',
  alignScheduleArn: 'arn:aws:lambda:us-east-1:000000000000:function:align-schedule',
  roleArn: 'arn:aws:iam::000000000000:role/schedules',
  deadLetterArn: 'arn:aws:sqs:us-east-1:000000000000:unstarted',
};

const open = async (start: Date, call: Parameters<typeof startSchedulerServer>[0]['call']) => {
  const clock = { now: start };
  const server = await startSchedulerServer({ group, clock, call });
  const client = new SchedulerClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const scheduler = eventBridgeScheduler({ client, clock: { now: () => clock.now }, settings });
  const close = async (): Promise<void> => {
    client.destroy();
    await server.close();
  };
  return { clock, server, scheduler, close };
};

describeSchedulerContract('EventBridge Scheduler', async ({ start, call }) => {
  const { clock, server, scheduler, close } = await open(start, ({ functionName, input }) =>
    functionName === 'start-scheduled'
      ? call.startScheduled(input as TaskInput<'start-scheduled'>)
      : call.alignSchedule(input as TaskInput<'align-schedule'>),
  );
  return {
    scheduler,
    now: () => clock.now,
    advance: (to) => server.advance(to),
    async outage(to) {
      server.reachable = false;
      await server.advance(to);
      server.reachable = true;
    },
    dispose: close,
  };
});

describe('EventBridge Scheduler over the wire', () => {
  const { last: _, ...schedule } = { last: undefined, ...sampleSchedule('acme') };
  const now = new Date('2026-01-31T12:00:00Z');

  it('is told the same again where an answer was lost, and has one entry', async () => {
    const { server, scheduler, close } = await open(now, async () => undefined);
    for (const lost of [0, 1, 2]) {
      server.loseAnswers(lost);
      await scheduler.put({ ...schedule, revision: lost + 1 });
    }
    expect([...server.entries.keys()]).toEqual(['acme.nightly']);
    server.loseAnswers(1);
    await scheduler.announce('acme', 'nightly');
    expect(server.entries.size).toBe(2);
    server.loseAnswers(1);
    await scheduler.remove('acme', 'nightly');
    expect([...server.entries.keys()]).toEqual([expect.stringMatching(/^_align-/)]);
    await close();
  });

  it('forgets what it was announced once it has looked', async () => {
    const looked: unknown[] = [];
    const { server, scheduler, close } = await open(now, async ({ input }) => looked.push(input));
    await scheduler.announce('acme', 'nightly');
    await server.advance(new Date('2026-01-31T12:10:00Z'));
    expect(looked).toEqual([{ tenant: 'acme', schedule: 'nightly' }]);
    expect(server.entries.size).toBe(0);
    await close();
  });

  it('gives up what fails thrice, and keeps it in a queue', async () => {
    const { server, scheduler, close } = await open(now, async () => {
      throw new Error('No.');
    });
    await scheduler.put(schedule);
    await server.advance(new Date('2026-02-01T02:00:00Z'));
    expect(server.deadLetters).toMatchObject([{ input: { due_at: '2026-02-01T01:00:00Z' } }]);
    await close();
  });

  it('names no two schedules alike, within 64 characters', () => {
    const long = 'a'.repeat(63);
    const names = [
      scheduleName('a', 'b-c'),
      scheduleName('a-b', 'c'),
      scheduleName(long, long),
      scheduleName(long, `${long.slice(1)}b`),
      scheduleName(long.slice(1), long),
    ];
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);
  });
});
