import { maxWebhooks } from '../../src/contracts/webhook.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeExecutionCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { FailureKind } from '../../src/contracts/failure.ts';
import type { RunStatus } from '../../src/contracts/run.ts';
import { findMiniStack } from '../adapters/aws/ministack.ts';
import { isMissing, leaveOut } from '../support/is-missing.ts';
import type { AwsPlatform } from './platform/aws-platform.ts';
import { type ForcedRun, isOf, leftBy } from './platform/forced-run.ts';
import { type ForcedStack, startForcedStack } from './platform/forced-stack.ts';

const found = await findMiniStack();

/** Something that goes wrong, and what comes of it. */
type Ending = {
  readonly name: string;
  /** Makes it go wrong, before the run is started. */
  readonly before?: (run: ForcedRun) => void | Promise<void>;
  /** Makes it go wrong while the run is under way. */
  readonly during?: (run: ForcedRun, runId: string) => Promise<void>;
  readonly status: RunStatus;
  readonly kind?: FailureKind;
  /** What the run tells about it. */
  readonly says?: RegExp;
  /** The function of which a call has to have ended so, or nothing went wrong. */
  readonly breaks?: readonly [name: string, errorType: string];
  /** RunTasks that lead to a task, in the run until its end. */
  readonly tasks?: number;
};

/** As often as a task may be asked for until its run gives up, and more. */
const always = <T>(one: T): readonly T[] => Array.from({ length: 60 }, () => one);

const refusal = { kind: 'refused', name: 'AccessDeniedException', message: 'not authorized' } as const;
const throttled = { kind: 'refused', name: 'ThrottlingException', message: 'Rate exceeded' } as const;
const hostFault = { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' };

/** A task that was started since another, and is not to stop. */
const newTask = (aws: AwsPlatform, last: string | undefined): string | undefined =>
  aws.tasks.living().find(({ arn }) => arn !== last)?.arn;

/** RunTask is answered when the run has been cancelled and settled. */
const cancelledWhileStarting = (): Ending => {
  const [asked, settled] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  return {
    name: 'it is cancelled while its task is asked for',
    before: ({ aws, answers }) => {
      answers.lose();
      aws.tasks.before = async (action) => {
        if (action !== 'RunTask') return;
        asked.resolve();
        await settled.promise;
      };
    },
    during: async ({ aws, api }, runId) => {
      await asked.promise;
      await api.cancelRun({ id: runId });
      await aws.ended(api, runId).finally(settled.resolve);
    },
    status: 'cancelled',
    kind: 'RUN_CANCELLED',
    tasks: 1,
  };
};

const endings: readonly Ending[] = [
  {
    name: 'RunTask is refused',
    before: ({ aws }) => void aws.tasks.next.push(...always(refusal)),
    status: 'failed',
    kind: 'SANDBOX_UNAVAILABLE',
    says: /role does not allow it.*not authorized/,
    tasks: 0,
  },
  {
    name: 'RunTask is refused once',
    before: ({ aws }) => void aws.tasks.next.push(throttled),
    status: 'succeeded',
    tasks: 1,
  },
  {
    name: 'its task stops before it runs',
    before: ({ aws, answers }) => {
      answers.lose();
      aws.tasks.next.push(
        ...always({
          kind: 'stopped',
          end: { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: not found' },
        } as const),
      );
    },
    status: 'failed',
    kind: 'SANDBOX_UNAVAILABLE',
    says: /image could not be pulled.*CannotPullContainerError: not found/,
    tasks: 1,
  },
  {
    name: 'the answer to RunTask is lost',
    before: ({ aws }) => void aws.tasks.next.push({ kind: 'answer lost' }),
    status: 'succeeded',
    tasks: 1,
  },
  {
    name: 'RunTask starts two tasks for one token',
    before: ({ aws }) => void aws.tasks.next.push({ kind: 'runs twice' }),
    status: 'succeeded',
    tasks: 2,
  },
  {
    name: 'two functions take its sandbox at once',
    before: ({ aws }) => {
      // The state hears of a fault, and calls the function again while the first call waits for the answer of RunTask.
      const errorType = 'Lambda.ClientExecutionTimeoutException';
      aws.functions.disturb('surveyor-take-sandbox', { kind: 'leave', milliseconds: 5, errorType });
      const earlier = aws.functions.calls.length;
      const taking = () =>
        aws.functions.calls.slice(earlier).filter(({ name }) => name === 'surveyor-take-sandbox').length;
      aws.tasks.before = async (action) => {
        if (action === 'RunTask') await expect.poll(taking, { timeout: 20_000 }).toBeGreaterThan(1);
      };
    },
    status: 'succeeded',
    breaks: ['surveyor-take-sandbox', 'Lambda.ClientExecutionTimeoutException'],
    tasks: 1,
  },
  {
    name: 'its task never runs',
    before: ({ aws }) => void aws.tasks.next.push(...always({ kind: 'never running' } as const)),
    during: async ({ aws }) => {
      // Five minutes for each of its starts.
      let last: string | undefined;
      for (let start = 0; start < 3; start += 1) {
        await expect.poll(() => newTask(aws, last), { timeout: 60_000 }).toBeDefined();
        last = newTask(aws, last);
        // What is young may be still to be noted.
        await sleep(1_000);
        aws.functions.ahead += 310_000;
      }
    },
    status: 'failed',
    kind: 'SANDBOX_UNAVAILABLE',
    says: /in 3 tries\. It was still PROVISIONING after 300 s/,
    tasks: 3,
  },
  {
    name: 'its machine is out of time',
    before: async ({ aws }) => {
      // 40 s by the clock: a busy machine takes 15 to come to its middle.
      await aws.machines.limit('surveyor-catalog', 200);
      // Until then it is held up in the middle.
      for (let call = 0; call < 20; call += 1)
        aws.functions.disturb('surveyor-check-table', { kind: 'late', milliseconds: 120_000 });
    },
    during: async ({ aws, called }, runId) => {
      await called('surveyor-check-table', runId);
      await aws.machines.limit('surveyor-catalog', undefined);
    },
    status: 'timed_out',
    kind: 'RUN_TIMED_OUT',
  },
  {
    name: 'its task is killed',
    during: async ({ aws, called }, runId) => {
      await called('surveyor-profile-table', runId);
      for (const { arn } of aws.tasks.living()) await aws.tasks.kill(arn, hostFault);
    },
    status: 'failed',
    kind: 'SANDBOX_LOST',
  },
  {
    name: 'a function is killed',
    before: ({ aws }) => {
      aws.functions.disturb('surveyor-collect-profile', {
        kind: 'kill',
        milliseconds: 5,
        errorType: 'Lambda.Unknown',
      });
    },
    breaks: ['surveyor-collect-profile', 'Lambda.Unknown'],
    status: 'succeeded',
  },
  {
    name: 'a function is out of time',
    before: ({ aws }) => {
      aws.functions.disturb('surveyor-check-table', { kind: 'time', milliseconds: 5 });
    },
    breaks: ['surveyor-check-table', 'Sandbox.Timedout'],
    status: 'succeeded',
  },
  {
    name: 'it is cancelled in the middle of a tool',
    during: async ({ aws, api, called }, runId) => {
      aws.functions.disturb('surveyor-run-tool', { kind: 'late', milliseconds: 2_000 }, (event) => isOf(event, runId));
      await called('surveyor-run-tool', runId);
      expect((await api.listSteps({ id: runId })).steps.some(({ ended_at }) => ended_at === undefined)).toBe(true);
      await api.cancelRun({ id: runId });
    },
    status: 'cancelled',
    kind: 'RUN_CANCELLED',
  },
  {
    name: 'its execution is stopped from the console',
    during: async ({ aws, called, tenant }, runId) => {
      await called('surveyor-profile-table', runId);
      const run = await aws.stores.runs.get(tenant, runId);
      const console = new SFNClient({ ...aws.ministack.client, endpoint: aws.machines.url });
      await console.send(new StopExecutionCommand({ executionArn: run?.execution_id }));
    },
    status: 'cancelled',
    kind: 'RUN_CANCELLED',
  },
  {
    name: 'the answer of each conditional write is lost once',
    before: ({ answers }) => answers.lose(),
    status: 'succeeded',
    tasks: 1,
  },
  {
    name: 'it is cancelled and the answer of each conditional write is lost once',
    before: ({ answers }) => answers.lose(),
    during: async ({ api, called }, runId) => {
      await called('surveyor-run-tool', runId);
      await api.cancelRun({ id: runId });
    },
    status: 'cancelled',
    kind: 'RUN_CANCELLED',
  },
  cancelledWhileStarting(),
  {
    name: 'what settles it is killed, again and again',
    before: ({ aws, answers }) => {
      answers.lose();
      // Lambda calls it twice more.
      for (let call = 0; call < 3; call += 1)
        aws.functions.disturb('surveyor-settle-run', { kind: 'kill', milliseconds: 1 });
    },
    during: async ({ aws, api }, runId) => {
      const killed = () =>
        aws.functions.calls.filter(({ name, error }) => name === 'surveyor-settle-run' && error !== undefined).length;
      const before = killed();
      await expect.poll(() => killed() - before, { timeout: 120_000 }).toBe(3);
      expect(await api.getRun({ id: runId })).toMatchObject({ status: 'running' });
      aws.functions.ahead = 400_000;
      await aws.events.tick('reconcile-runs');
    },
    status: 'succeeded',
    tasks: 1,
  },
  {
    name: 'the event of its end comes twice',
    before: ({ aws }) => {
      aws.events.delivery = { copies: 2, milliseconds: 0 };
    },
    status: 'succeeded',
    tasks: 1,
  },
  {
    name: 'the event of its end never comes',
    before: ({ aws, answers }) => {
      // The write of what reconciles is of those that get lost.
      answers.lose();
      aws.events.delivery = { copies: 0, milliseconds: 0 };
    },
    during: async ({ aws, called, tenant }, runId) => {
      await called('surveyor-finish-agent', runId, 2);
      const { execution_id = '' } = (await aws.stores.runs.get(tenant, runId)) ?? {};
      const console = new SFNClient({ ...aws.ministack.client, endpoint: aws.machines.url });
      await expect
        .poll(async () => (await console.send(new DescribeExecutionCommand({ executionArn: execution_id }))).status, {
          timeout: 60_000,
        })
        .toBe('SUCCEEDED');
      await aws.functions.idle();
      await aws.events.tick('reconcile-runs');
      await aws.functions.idle();
      // It may still come.
      expect(await aws.stores.runs.get(tenant, runId)).toMatchObject({ status: 'running' });
      aws.functions.ahead = 400_000;
      await aws.events.tick('reconcile-runs');
    },
    status: 'succeeded',
    tasks: 1,
  },
  {
    name: 'the event of its end comes late',
    before: ({ aws }) => {
      aws.events.delivery = { copies: 1, milliseconds: 3_000 };
    },
    status: 'succeeded',
    tasks: 1,
  },
];

describe.skipIf(isMissing('postgres') || ('missing' in found && leaveOut('emulator', found.missing)))(
  'a run on the deployed stack',
  () => {
    let stack: ForcedStack;

    beforeAll(async () => {
      if ('missing' in found) return;
      stack = await startForcedStack(found.python, inject('synthesisFolder'));
    }, 300_000);
    afterAll(() => stack?.stop());
    afterEach(() => stack.calm());

    it.each(endings)(
      'ends as it should, leaves nothing and can be resumed where $name',
      { timeout: 300_000 },
      async ({ before, during, status, kind, says = /(?:)/, breaks, tasks }) => {
        const { aws, forced, url } = stack;
        const { api } = forced;
        const tasksBefore = aws.tasks.tasks.length;
        await before?.(forced);
        const runId = await forced.start();
        await during?.(forced, runId);
        const run = await aws.ended(api, runId, 180);
        expect(run).toMatchObject({ status, ...(kind === undefined ? {} : { failure: { kind } }) });
        expect(run.failure?.message ?? '').toMatch(says);
        expect(await leftBy(forced, run)).toEqual([]);
        // What worked on after the end has not changed it.
        expect(await api.getRun({ id: runId })).toMatchObject({ status });
        const started = aws.tasks.tasks.length - tasksBefore;
        expect(started).toBe(tasks ?? started);
        const broken = aws.functions.calls.flatMap(({ name, event, error }) =>
          isOf(event, runId) && error !== undefined ? [[name, error.errorType]] : [],
        );
        const wanted = breaks === undefined ? [] : [breaks];
        expect(broken).toEqual(expect.arrayContaining(wanted));
        if (status === 'succeeded') return;

        aws.functions.calm();
        aws.tasks.next.splice(0);
        aws.tasks.before = undefined;
        await api.resumeRun({ id: runId, db_conn_string: url });
        const resumed = await aws.ended(api, runId, 180);
        expect(resumed).toMatchObject({ status: 'succeeded' });
        expect(resumed.reports.map(({ agent }) => agent)).toEqual(['cataloging', 'summary']);
        expect(await leftBy(forced, resumed)).toEqual([]);
      },
    );

    it(
      'keeps a connection, a schedule and webhooks as asked where answers are lost',
      { timeout: 300_000 },
      async () => {
        const { aws, forced, url } = stack;
        const { api, answers } = forced;
        const name = 'lost';
        answers.lose();
        await api.createConnection({ name, db_conn_string: url });
        await api.rotateConnection({ name, db_conn_string: url });
        const { run_id } = await api.testConnection({ name });
        expect(await aws.ended(api, run_id)).toMatchObject({ status: 'succeeded' });
        expect(await api.getConnection({ name })).toMatchObject({ test: { run_id } });
        expect((await api.listConnections()).connections.map((one) => one.name)).toEqual([name]);
        const catalog = { connection: name, s3_prefix: 'lost' };
        const request = { ...catalog, 'idempotency-key': 'lost-1' };
        const first = await api.createCatalog(request);
        expect((await api.createCatalog(request)).run_id).toBe(first.run_id);

        await api.createSchedule({ name, expression: 'cron(* * * * ? *)', catalog });
        await aws.scheduler.advance(new Date(Date.now() + 60_000));
        const lastOf = async () => (await api.getSchedule({ name })).last;
        await expect.poll(lastOf).toMatchObject({ outcome: 'started' });
        aws.functions.ahead = 0;
        expect(await api.changeSchedule({ name, paused: true })).toMatchObject({ paused: true, revision: 2 });
        for (const runId of [first.run_id, (await lastOf())?.run_id ?? '']) {
          const run = await aws.ended(api, runId, 180);
          expect(run).toMatchObject({ status: 'succeeded', attempt: 1 });
        }
        // Paused, since nobody is told of these runs; one more than there may be is taken back.
        const webhook = (one: string) => api.createWebhook({ name: one, url: 'https://hooks.example/', paused: true });
        const names = Array.from({ length: maxWebhooks }, (_, index) => `${name}-${index}`);
        for (const one of names) await webhook(one);
        await expect(webhook(name)).rejects.toMatchObject({ kind: 'CONFLICT', advice: { kind: 'see_webhooks' } });
        const changed = await api.changeWebhook({ name: `${name}-0`, rotate_key: true });
        expect(changed).toMatchObject({ revision: 2, signing_key: expect.stringMatching(/^whsec_/) });
        for (const one of names) await api.deleteWebhook({ name: one });
        expect(await api.listWebhooks()).toEqual({ webhooks: [] });
        await api.deleteSchedule({ name });
        await api.deleteConnection({ name });
        await expect(api.getSchedule({ name })).rejects.toMatchObject({ kind: 'NOT_FOUND' });
        await expect(api.getConnection({ name })).rejects.toMatchObject({ kind: 'NOT_FOUND' });
        expect(await leftBy(forced, { run_id })).toEqual([]);
      },
    );

    it('has seen the answer of every conditional write lost', () => {
      const arrived = stack.forced.answers.arrived();
      // The one is made while the stack is deployed, before anything can be lost; the other notes that a key was used, once an
      // hour and process, and a request is answered whether it can or not.
      const leftOut = /^surveyor-renew-certificate|#at <= :before/;
      expect(arrived.filter((write) => !leftOut.test(write))).toEqual([]);
    });
  },
);
