import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openSqliteStores, type OpenStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { Chain } from '../../src/contracts/chain.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { ScheduleRequest } from '../../src/contracts/schedule.ts';
import type { TaskInput } from '../../src/contracts/tasks.ts';
import type { Ports } from '../../src/ports/ports.ts';
import type { Scheduler } from '../../src/ports/scheduler.ts';
import { alignSchedule } from '../../src/use-cases/align-schedule.ts';
import { changeSchedule } from '../../src/use-cases/change-schedule.ts';
import { createSchedule } from '../../src/use-cases/create-schedule.ts';
import { deleteSchedule } from '../../src/use-cases/delete-schedule.ts';
import { getSchedule } from '../../src/use-cases/get-schedule.ts';
import { startScheduled } from '../../src/use-cases/start-scheduled.ts';
import catalog from '../../state-machines/catalog.chain.json' with { type: 'json' };
import { plainPrompt } from '../support/agent-loop.ts';
import { sampleCaller } from './stores/samples.ts';

/** What a scheduler is made with: what it calls, and the schedules that are stored. */
export type SchedulerWorld = {
  readonly stores: OpenStores;
  readonly start: Date;
  readonly call: {
    readonly startScheduled: (input: TaskInput<'start-scheduled'>) => Promise<unknown>;
    readonly alignSchedule: (input: TaskInput<'align-schedule'>) => Promise<unknown>;
  };
};

/** A scheduler under test, whose time passes when the test says so. */
export type SchedulerSubject = {
  readonly scheduler: Scheduler;
  now(): Date;
  advance(to: Date): Promise<void>;
  /** Lets time pass while nothing that is due can be called. */
  outage(to: Date): Promise<void>;
  dispose(): Promise<void>;
};

const tenant = 'acme';
const caller = sampleCaller(tenant);
const chain = Chain.parse(catalog);
const log: Ports['log'] = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };

/** What every scheduler does, with the use cases that keep schedules and start what is due. */
export const describeSchedulerContract = (
  name: string,
  makeSubject: (world: SchedulerWorld) => Promise<SchedulerSubject>,
): void => {
  describe(`${name} as a scheduler`, () => {
    const closing: (() => Promise<unknown> | void)[] = [];
    afterEach(async () => {
      for (const close of closing.splice(0).toReversed()) await close();
    });

    /** A deployment that begins at a time. */
    const begin = async (start: string) => {
      const folder = mkdtempSync(join(tmpdir(), 'surveyor-scheduler-'));
      closing.push(() => rmSync(folder, { recursive: true, force: true }));
      const stores = openSqliteStores(join(folder, 'store.sqlite'));
      closing.push(() => stores.close());
      const starts: string[] = [];
      const set = { twice: false, runsEnd: true, failingStarts: 0, failingNotes: 0 };
      const world: SchedulerWorld = {
        stores,
        start: new Date(start),
        call: {
          async startScheduled(input) {
            const answer = await startScheduled(ports, chain, input);
            if (set.twice) await startScheduled(ports, chain, { ...input, execution_id: `${input.execution_id}-2` });
            if (set.runsEnd && answer.run_id !== undefined) await end(answer.run_id);
          },
          alignSchedule: (input) => alignSchedule(ports, input),
        },
      };
      const end = async (runId: string) =>
        stores.runs.settle(tenant, runId, { attempt: 1, status: 'succeeded', ended_at: subject.now().toISOString() });
      const subject = await makeSubject(world);
      closing.push(() => subject.dispose());
      const ids = systemClock();
      const ports = {
        ...stores,
        schedules: {
          ...stores.schedules,
          noteDue: async (...args: Parameters<typeof stores.schedules.noteDue>) => {
            if ((set.failingNotes -= 1) >= 0) throw new Failure('STORAGE_FAILED', 'The disk is full.');
            return stores.schedules.noteDue(...args);
          },
        },
        scheduler: subject.scheduler,
        clock: { now: () => subject.now(), newRunId: () => ids.newRunId() },
        log,
        platform: 'local',
        prompts: {
          inForce: async (agent: string) => ({ prompt: { ...plainPrompt, id: agent }, hash: 'a'.repeat(64) }),
        },
        secrets: { put: async () => {}, delete: async () => {} },
        workflow: {
          start: async ({ name: run }: { name: string }) => {
            if ((set.failingStarts -= 1) >= 0) throw new Failure('STORAGE_FAILED', 'Step Functions does not answer.');
            starts.push(subject.now().toISOString().slice(0, 16));
            return { execution_id: run };
          },
        },
      } as unknown as Ports;
      const add = async (expression: string, more: Partial<ScheduleRequest> = {}, own: Ports = ports) =>
        createSchedule(own, caller, {
          name: 'nightly',
          expression,
          time_zone: 'Europe/Berlin',
          catalog: { dataset: 'ecommerce', s3_prefix: 'reports/shop' },
          paused: false,
          ...more,
        });
      return { subject, ports, stores, starts, set, add, end, advance: (to: string) => subject.advance(new Date(to)) };
    };

    it('starts a run at each time, as the schedule, for who made it, and tells when the next one is', async () => {
      const { ports, stores, starts, add, advance } = await begin('2026-01-31T12:00:00Z');
      const made = await add('cron(0 2 * * ? *)');
      expect(made.next_due_at).toBe('2026-02-01T01:00:00.000Z');
      await advance('2026-02-03T12:00:00Z');
      expect(starts).toEqual(['2026-02-01T01:00', '2026-02-02T01:00', '2026-02-03T01:00']);
      const { last, next_due_at } = await getSchedule(ports, tenant, 'nightly');
      expect(last).toMatchObject({ due_at: '2026-02-03T01:00:00.000Z', outcome: 'started' });
      expect(next_due_at).toBe('2026-02-04T01:00:00.000Z');
      expect(await stores.runs.get(tenant, last?.run_id ?? '')).toMatchObject({
        trigger: { kind: 'schedule', id: 'nightly' },
        actor: { kind: 'schedule', id: 'nightly' },
        owner: caller.actor,
      });
    });

    it('starts nothing at a time that clocks leave out, and one run at a time that comes twice', async () => {
      const spring = await begin('2026-03-27T12:00:00Z');
      await spring.add('cron(30 2 * * ? *)');
      await spring.advance('2026-03-31T00:00:00Z');
      expect(spring.starts).toEqual(['2026-03-28T01:30', '2026-03-30T00:30']);
      const autumn = await begin('2026-10-24T12:00:00Z');
      await autumn.add('cron(30 2 * * ? *)');
      await autumn.advance('2026-10-26T12:00:00Z');
      expect(autumn.starts).toEqual(['2026-10-25T00:30', '2026-10-26T01:30']);
    });

    it('counts a rate from when it was made, in hours that no clock changes', async () => {
      const { starts, add, advance } = await begin('2026-03-28T13:07:00Z');
      await add('rate(12 hours)');
      await advance('2026-03-29T14:00:00Z');
      expect(starts).toEqual(['2026-03-29T01:07', '2026-03-29T13:07']);
    });

    it('catches up once for a time that passed during an outage, a restart of the service', async () => {
      const { ports, subject, starts, add, advance } = await begin('2026-01-31T12:00:00Z');
      await add('cron(0 2 * * ? *)');
      await subject.outage(new Date('2026-02-01T01:30:00Z'));
      await advance('2026-02-01T12:00:00Z');
      expect(starts).toHaveLength(1);
      expect(starts[0]).toMatch(/^2026-02-01T01:3[01]$/);
      expect((await getSchedule(ports, tenant, 'nightly')).last?.due_at).toBe('2026-02-01T01:00:00.000Z');
      await advance('2026-02-02T12:00:00Z');
      expect(starts.slice(1)).toEqual(['2026-02-02T01:00']);
    });

    it('does not make up for the hours in which it is paused', async () => {
      const { ports, starts, add, advance } = await begin('2026-01-31T00:30:00Z');
      await add('cron(0 * * * ? *)');
      await advance('2026-01-31T02:30:00Z');
      expect((await changeSchedule(ports, caller, 'nightly', { paused: true })).next_due_at).toBeUndefined();
      await advance('2026-01-31T04:30:00Z');
      await changeSchedule(ports, caller, 'nightly', { paused: false });
      await advance('2026-01-31T05:30:00Z');
      expect(starts).toEqual(['2026-01-31T01:00', '2026-01-31T02:00', '2026-01-31T05:00']);
    });

    it('is due as it was changed, and no longer as before; deleted, it never is', async () => {
      const { ports, starts, add, advance } = await begin('2026-01-31T00:30:00Z');
      await add('cron(0 * * * ? *)');
      await advance('2026-01-31T01:30:00Z');
      await changeSchedule(ports, caller, 'nightly', { expression: 'cron(15 * * * ? *)' });
      await advance('2026-01-31T03:30:00Z');
      await deleteSchedule(ports, tenant, 'nightly');
      await advance('2026-01-31T06:00:00Z');
      expect(starts).toEqual(['2026-01-31T01:00', '2026-01-31T02:15', '2026-01-31T03:15']);
      await expect(getSchedule(ports, tenant, 'nightly')).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    });

    it('starts one run for a call that is delivered twice', async () => {
      const { starts, set, add, advance } = await begin('2026-01-31T00:30:00Z');
      set.twice = true;
      await add('cron(0 * * * ? *)');
      await advance('2026-01-31T02:30:00Z');
      expect(starts).toEqual(['2026-01-31T01:00', '2026-01-31T02:00']);
    });

    it('starts none beside one that is under way, and notes which; when that has ended, it does', async () => {
      const { ports, starts, set, add, end, advance } = await begin('2026-01-31T00:30:00Z');
      set.runsEnd = false;
      await add('cron(0 * * * ? *)');
      await advance('2026-01-31T01:30:00Z');
      const { last: first } = await getSchedule(ports, tenant, 'nightly');
      await advance('2026-01-31T02:30:00Z');
      const { last: second } = await getSchedule(ports, tenant, 'nightly');
      expect(second).toEqual({
        due_at: '2026-01-31T02:00:00.000Z',
        run_id: first?.run_id,
        outcome: 'under_way',
      });
      await end(first?.run_id ?? '');
      await advance('2026-01-31T03:30:00Z');
      expect(starts).toEqual(['2026-01-31T01:00', '2026-01-31T03:00']);
    });

    it('calls again what failed for a while, and starts one run', async () => {
      const { ports, stores, starts, set, add, advance } = await begin('2026-01-31T00:30:00Z');
      await add('cron(0 * * * ? *)');
      set.failingStarts = 1;
      await advance('2026-01-31T01:00:30Z');
      const { last } = await getSchedule(ports, tenant, 'nightly');
      expect(last).toMatchObject({ outcome: 'failed', message: expect.stringContaining('does not answer') });
      await advance('2026-01-31T01:30:00Z');
      expect(starts).toEqual(['2026-01-31T01:01']);
      set.failingNotes = 1;
      await advance('2026-01-31T02:30:00Z');
      expect(starts.slice(1)).toEqual(['2026-01-31T02:00']);
      expect((await getSchedule(ports, tenant, 'nightly')).last).toMatchObject({
        due_at: '2026-01-31T02:00:00.000Z',
        outcome: 'started',
      });
      const { items } = await stores.runs.list(tenant, { limit: 10 });
      expect(items.filter(({ status }) => status === 'succeeded')).toHaveLength(2);
    });

    it('is due although who made it died after storing it', async () => {
      const { ports, subject, starts, add, advance } = await begin('2026-01-31T00:30:00Z');
      const dying = { ...ports, scheduler: { ...subject.scheduler, put: () => new Promise<never>(() => {}) } };
      void add('cron(0 * * * ? *)', {}, dying);
      await expect.poll(() => ports.schedules.get(tenant, 'nightly')).toBeDefined();
      await advance('2026-01-31T02:30:00Z');
      expect(starts).toEqual(['2026-01-31T01:00', '2026-01-31T02:00']);
    });

    it('is never due where who made it died before storing it, and one of its name can be made', async () => {
      const { subject, starts, add, advance } = await begin('2026-01-31T00:30:00Z');
      await subject.scheduler.announce(tenant, 'nightly');
      await advance('2026-01-31T02:30:00Z');
      expect(starts).toEqual([]);
      await add('cron(0 * * * ? *)');
      await advance('2026-01-31T03:30:00Z');
      expect(starts).toEqual(['2026-01-31T03:00']);
    });

    it('is due as the later of two changes says, also where the earlier one reaches the scheduler last', async () => {
      const { ports, subject, starts, add, advance } = await begin('2026-01-31T00:30:00Z');
      await add('cron(0 * * * ? *)');
      const earlier = await ports.schedules.get(tenant, 'nightly');
      await changeSchedule(ports, caller, 'nightly', { expression: 'cron(30 * * * ? *)' });
      if (earlier !== undefined) await subject.scheduler.put(earlier);
      await advance('2026-01-31T02:10:00Z');
      expect(starts).toEqual(['2026-01-31T01:30']);
    });

    it('removes what is not there without complaint', async () => {
      const { subject } = await begin('2026-01-31T00:30:00Z');
      await expect(subject.scheduler.remove(tenant, 'never-made')).resolves.toBeUndefined();
    });
  });
};
