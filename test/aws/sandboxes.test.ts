import { connect } from 'node:tls';
import { ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { RunView } from '../../src/contracts/run.ts';
import { findMiniStack } from '../adapters/aws/ministack.ts';
import { isMissing, leaveOut } from '../support/is-missing.ts';
import type { EcsTask } from './ecs/ecs-task.ts';
import { overriddenVariable } from './ecs/start-task.ts';
import { isOf, leftBy } from './platform/forced-run.ts';
import { type ForcedStack, startForcedStack } from './platform/forced-stack.ts';

const found = await findMiniStack();

/** The certificate that a task shows whoever connects to it. */
const shownBy = async ({ address = '', input }: Readonly<EcsTask>): Promise<string> => {
  const settings = JSON.parse(overriddenVariable(input, 'SURVEYOR_SUPERVISOR_SETTINGS') ?? '') as {
    readonly listen: { readonly port: number };
  };
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  // It is looked at and nothing is sent, so nothing has to be trusted.
  const socket = connect({ host: address, port: settings.listen.port, rejectUnauthorized: false }, () => {
    const base64 = socket.getPeerCertificate().raw.toString('base64');
    socket.destroy();
    resolve(base64);
  });
  socket.on('error', reject);
  return promise;
};

/** What stands between the lines of PEM. */
const base64Of = (pem: string): string => pem.replace(/-----[A-Z ]+-----|\s/g, '');

describe.skipIf(isMissing('postgres') || ('missing' in found && leaveOut('emulator', found.missing)))(
  'the sandboxes of the deployed stack',
  () => {
    let stack: ForcedStack;

    beforeAll(async () => {
      if ('missing' in found) return;
      stack = await startForcedStack(found.python, inject('synthesisFolder'));
    }, 300_000);
    afterAll(() => stack?.stop());
    afterEach(() => stack.calm());

    /** Holds the run that is started next in the middle of its survey; answers with its id and what lets it go on. */
    const holdRun = async (beside = 'no other') => {
      const { aws, forced } = stack;
      const gate = Promise.withResolvers<void>();
      const held = { kind: 'held', until: gate.promise } as const;
      aws.functions.disturb('surveyor-check-table', held, (event) => !isOf(event, beside));
      const runId = await forced.start();
      await forced.called('surveyor-check-table', runId);
      return { runId, goOn: gate.resolve };
    };
    /** What a function answers that is called by hand. */
    const answerOf = async (name: string, event: object): Promise<unknown> => {
      const answer = await stack.aws.functions.invoke(name, event);
      return 'result' in answer ? JSON.parse(answer.result) : answer;
    };

    /** The certificates that clients trust, the newest first. */
    const trusted = async (): Promise<readonly string[]> =>
      (await stack.aws.certificates.read()).map(({ certificate }) => base64Of(certificate));

    it('sweeps a task that no run has, and none that a run has', { timeout: 300_000 }, async () => {
      const { aws, forced } = stack;
      const { runId, goOn } = await holdRun();
      const [own] = aws.tasks.living();
      if (own === undefined) throw new Error('The run has no task.');
      // As of a function that died before it noted the task down.
      await new ECSClient(aws.tasks.client).send(
        new RunTaskCommand({ ...own.input, clientToken: 'of-nobody', startedBy: 'of-nobody' } as never),
      );
      const orphan = aws.tasks.tasks.at(-1);
      await expect.poll(() => orphan?.status).toBe('RUNNING');
      // Its function may be about to note it.
      expect(await answerOf('surveyor-reconcile-runs', {})).toMatchObject({ sandboxes: 0 });
      expect(aws.tasks.living()).toHaveLength(2);
      aws.functions.ahead = 130_000;
      expect(await answerOf('surveyor-reconcile-runs', {})).toMatchObject({ sandboxes: 1, settled: 0 });
      aws.functions.ahead = 0;
      expect(orphan).toMatchObject({ desired: 'STOPPED', end: { stoppedReason: 'No run is known to have it.' } });
      expect(aws.tasks.living().map(({ arn }) => arn)).toEqual([own.arn]);
      goOn();
      const run = await aws.ended(forced.api, runId, 180);
      expect(run).toMatchObject({ status: 'succeeded' });
      expect(await leftBy(forced, run)).toEqual([]);
    });

    it(
      'lets a run go on whose certificate is renewed, and shows the new one from the next task on',
      { timeout: 300_000 },
      async () => {
        const { aws, forced } = stack;
        const first = await holdRun();
        const [task] = aws.tasks.living();
        if (task === undefined) throw new Error('The run has no task.');
        const old = await shownBy(task);
        // Twice: the second must not forget what the run's task shows.
        for (const _ of [1, 2])
          expect(await answerOf('surveyor-renew-certificate', { now: true })).toMatchObject({ renewed: true });

        const second = await holdRun(first.runId);
        const next = aws.tasks.living().find(({ arn }) => arn !== task.arn);
        if (next === undefined) throw new Error('The second run has no task.');
        const [newest, , before] = await trusted();
        expect(await shownBy(next)).toBe(newest);
        expect(before).toBe(old);
        expect(newest).not.toBe(old);
        first.goOn();
        second.goOn();
        const runs = [];
        for (const { runId } of [first, second]) runs.push(await aws.ended(forced.api, runId, 180));
        for (const run of runs) {
          expect(run).toMatchObject({ status: 'succeeded', attempt: 1 });
          expect(await leftBy(forced, run)).toEqual([]);
        }

        // When no task can show it any more, it is trusted no longer.
        aws.functions.ahead = 25 * 3_600_000;
        expect(await answerOf('surveyor-renew-certificate', { now: true })).toMatchObject({ renewed: true });
        const now = await trusted();
        expect(now).toHaveLength(2);
        expect(now[1]).toBe(newest);
        // One of tomorrow is good for nothing today.
        aws.functions.ahead = 0;
        await answerOf('surveyor-renew-certificate', { now: true });
      },
    );

    it('gives 30 runs their turn where there are 4 places', { timeout: 600_000 }, async () => {
      const { aws, forced, url } = stack;
      const { api } = forced;
      await api.createConnection({ name: 'crowd', db_conn_string: url });
      const tasksBefore = aws.tasks.tasks.length;
      let most = 0;
      const watching = setInterval(() => {
        most = Math.max(most, aws.tasks.living().length);
      }, 20);
      const runIds: string[] = [];
      // One request after another: each is answered within the 29 s of a route on a busy machine too.
      while (runIds.length < 30) runIds.push((await api.testConnection({ name: 'crowd' })).run_id);
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
