import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeExecutionCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { FailureKind } from '../../src/contracts/failure.ts';
import type { RunStatus, RunView } from '../../src/contracts/run.ts';
import { findMiniStack } from '../adapters/aws/ministack.ts';
import { isMissing, leaveOut } from '../support/is-missing.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { type AwsPlatform, startAwsPlatform } from './platform/aws-platform.ts';
import { type ForcedRun, forcedRun, isOf, leftBy } from './platform/forced-run.ts';
import { readSynthesis } from './platform/synthesize.ts';

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
    before: ({ aws }) =>
      void aws.tasks.next.push(
        ...always({
          kind: 'stopped',
          end: { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: not found' },
        } as const),
      ),
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
      // The state hears of a fault, and calls the function again while the first call works on.
      aws.functions.disturb('surveyor-take-sandbox', {
        kind: 'lose',
        errorType: 'Lambda.ClientExecutionTimeoutException',
      });
    },
    status: 'succeeded',
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
        milliseconds: 20,
        errorType: 'Lambda.Unknown',
      });
    },
    status: 'succeeded',
  },
  {
    name: 'a function is out of time',
    before: ({ aws }) => {
      aws.functions.disturb('surveyor-check-table', { kind: 'time', milliseconds: 20 });
    },
    status: 'succeeded',
  },
  {
    name: 'it is cancelled in the middle of a tool',
    during: async ({ aws, api, called }, runId) => {
      aws.functions.disturb('surveyor-run-tool', { kind: 'late', milliseconds: 2_000 }, (event) => isOf(event, runId));
      await called('surveyor-run-tool', runId);
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
    before: ({ aws }) => {
      const seen = new Set<string>();
      aws.door.loseAnswers((call) => {
        if (call.service !== 'dynamodb' || !JSON.stringify(call.input).includes('ConditionExpression')) return false;
        const write = JSON.stringify([call.caller, call.operation, call.input?.['ConditionExpression']]);
        if (seen.has(write)) return false;
        seen.add(write);
        return true;
      }, Infinity);
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
    before: ({ aws }) => {
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
    const tenant = 'acme';
    let aws: AwsPlatform;
    let postgres: PostgresServer;
    let url: string;
    let forced: ForcedRun;

    beforeAll(async () => {
      if ('missing' in found) return;
      [aws, postgres] = await Promise.all([
        startAwsPlatform(found.python, readSynthesis(inject('synthesisFolder')), { hurry: 5 }),
        startPostgres(),
      ]);
      await postgres.run(
        `create role reader login password 'reads only';
         create table customers (customer_id int primary key, name text not null);
         create table orders (order_id int primary key, customer_id int not null references customers, total numeric(10,2));
         insert into customers select n, 'customer ' || n from generate_series(1, 50) n;
         insert into orders select n, 1 + n % 50, n * 1.5 from generate_series(1, 400) n;
         grant select on customers, orders to reader`,
      );
      url = postgres.url('app', 'reader', 'reads only');
      forced = forcedRun(aws, await aws.apiOf(tenant), tenant, url);
    }, 300_000);
    afterAll(async () => {
      await aws?.stop();
      await postgres?.stop();
    });
    afterEach(async () => {
      // Also where the test failed before it did: the next ones would run out of time.
      await aws.machines.limit('surveyor-catalog', undefined);
      aws.functions.calm();
      aws.functions.ahead = 0;
      aws.door.calm();
      aws.tasks.next.splice(0);
      aws.events.delivery = { copies: 1, milliseconds: 0 };
    });

    it.each(endings)(
      'ends as it should, leaves nothing and can be resumed where $name',
      { timeout: 300_000 },
      async ({ before, during, status, kind, says = /(?:)/, tasks }) => {
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
        if (status === 'succeeded') return;

        aws.functions.calm();
        aws.tasks.next.splice(0);
        await api.resumeRun({ id: runId, db_conn_string: url });
        const resumed = await aws.ended(api, runId, 180);
        expect(resumed).toMatchObject({ status: 'succeeded' });
        expect(resumed.reports.map(({ agent }) => agent)).toEqual(['cataloging', 'summary']);
        expect(await leftBy(forced, resumed)).toEqual([]);
      },
    );

    it('gives 30 runs their turn where there are 4 places', { timeout: 600_000 }, async () => {
      const { api } = forced;
      await api.createConnection({ name: 'crowd', db_conn_string: url });
      const tasksBefore = aws.tasks.tasks.length;
      let most = 0;
      const watching = setInterval(() => {
        most = Math.max(most, aws.tasks.living().length);
      }, 20);
      const runIds: string[] = [];
      // A few requests at a time: each is answered within the 29 s of a route on a busy machine too.
      while (runIds.length < 30) {
        const some = await Promise.all(Array.from({ length: 5 }, () => api.testConnection({ name: 'crowd' })));
        runIds.push(...some.map(({ run_id }) => run_id));
      }
      const runs: RunView[] = [];
      for (const runId of runIds) runs.push(await aws.ended(api, runId, 500));
      clearInterval(watching);
      expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 'succeeded'));
      expect(most).toBe(4);
      expect(aws.tasks.tasks).toHaveLength(tasksBefore + runs.length);
      for (const run of runs) expect(await leftBy(forced, run)).toEqual([]);
    });
  },
);
