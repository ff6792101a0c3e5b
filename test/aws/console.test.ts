import {
  DescribeExecutionCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { RunView } from '../../src/contracts/run.ts';
import { findMiniStack } from '../adapters/aws/ministack.ts';
import { isMissing, leaveOut } from '../support/is-missing.ts';
import { leftBy } from './platform/forced-run.ts';
import { type ForcedStack, startForcedStack } from './platform/forced-stack.ts';

const found = await findMiniStack();
const catalog = 'arn:aws:states:us-east-1:000000000000:stateMachine:surveyor-catalog';

// What the console of Step Functions does is calls of its API.
describe.skipIf(isMissing('postgres') || ('missing' in found && leaveOut('emulator', found.missing)))(
  'from the console of the deployed stack',
  () => {
    let stack: ForcedStack;
    let console: SFNClient;

    beforeAll(async () => {
      if ('missing' in found) return;
      stack = await startForcedStack(found.python, inject('synthesisFolder'));
      console = new SFNClient({ ...stack.aws.ministack.client, endpoint: stack.aws.machines.url });
      await stack.forced.api.createConnection({ name: 'shop', db_conn_string: stack.url });
    }, 300_000);
    afterAll(() => stack?.stop());
    afterEach(() => stack.calm());

    const start = async (name: string, input: object): Promise<string> => {
      const request = { stateMachineArn: catalog, name, input: JSON.stringify(input) };
      return (await console.send(new StartExecutionCommand(request))).executionArn ?? '';
    };
    const describeExecution = (executionArn: string) => console.send(new DescribeExecutionCommand({ executionArn }));
    const statusOf = async (executionArn: string) => (await describeExecution(executionArn)).status;
    /** The run of an execution that was started by hand. */
    const runOf = async (name: string): Promise<string> => {
      const find = async () =>
        (await stack.forced.api.listRuns()).runs.find(
          ({ trigger }) => trigger?.kind === 'console' && trigger.id === name,
        );
      await expect.poll(find, { timeout: 60_000 }).toBeDefined();
      return (await find())?.run_id ?? '';
    };
    /** Redrives the execution of a run that has ended: it fails at once, and all stays as it was. */
    const redrive = async (executionArn: string, run: RunView): Promise<void> => {
      const { aws, forced } = stack;
      const tasksBefore = aws.tasks.tasks.length;
      await console.send(new RedriveExecutionCommand({ executionArn }));
      await expect.poll(() => statusOf(executionArn), { timeout: 60_000 }).toBe('FAILED');
      expect((await describeExecution(executionArn)).cause).toContain(`surveyor resume ${run.run_id}`);
      await aws.functions.idle();
      expect(await forced.api.getRun({ id: run.run_id })).toEqual(run);
      expect(aws.tasks.tasks).toHaveLength(tasksBefore);
      expect(await leftBy(forced, run)).toEqual([]);
    };
    const resume = async (runId: string, credentials: { readonly db_conn_string?: string }): Promise<void> => {
      const { aws, forced } = stack;
      await forced.api.resumeRun({ id: runId, ...credentials });
      const resumed = await aws.ended(forced.api, runId, 180);
      expect(resumed).toMatchObject({ status: 'succeeded', attempt: 2 });
      expect(resumed.reports.map(({ agent }) => agent)).toEqual(['cataloging', 'summary']);
      expect(await leftBy(forced, resumed)).toEqual([]);
    };

    it(
      'a survey is started, stopped and redriven, which names what goes on with it',
      { timeout: 300_000 },
      async () => {
        const { aws, forced } = stack;
        const arn = await start('by-hand', { tenant: forced.tenant, connection: 'shop', s3_prefix: 'by-hand' });
        const runId = await runOf('by-hand');
        await forced.called('surveyor-profile-table', runId);
        await console.send(new StopExecutionCommand({ executionArn: arn }));
        const run = await aws.ended(forced.api, runId, 180);
        expect(run).toMatchObject({
          status: 'cancelled',
          failure: { kind: 'RUN_CANCELLED' },
          actor: { kind: 'console', id: 'by-hand' },
        });
        expect(await leftBy(forced, run)).toEqual([]);
        await redrive(arn, run);
        await resume(runId, {});
      },
    );

    it(
      'a survey of the API that has failed is redriven, which names what goes on with it',
      { timeout: 300_000 },
      async () => {
        const { aws, forced, url } = stack;
        const runId = await forced.start();
        await forced.called('surveyor-profile-table', runId);
        for (const { arn } of aws.tasks.living())
          await aws.tasks.kill(arn, {
            stopCode: 'EssentialContainerExited',
            stoppedReason: 'Essential container in task exited',
          });
        const run = await aws.ended(forced.api, runId, 180);
        expect(run).toMatchObject({ status: 'failed', failure: { kind: 'SANDBOX_LOST' } });
        const { execution_id = '' } = (await aws.stores.runs.get(forced.tenant, runId)) ?? {};
        await redrive(execution_id, run);
        await resume(runId, { db_conn_string: url });
      },
    );

    it('a survey that could not be started fails in words, and is no run', { timeout: 120_000 }, async () => {
      const { aws, forced } = stack;
      const before = await forced.api.listRuns();
      const arn = await start('wrong', { tenant: forced.tenant, connection: 'shopp', s3_prefix: 'by-hand' });
      await expect.poll(() => statusOf(arn), { timeout: 60_000 }).toBe('FAILED');
      expect((await describeExecution(arn)).cause).toContain('shopp');
      await aws.functions.idle();
      expect(await forced.api.listRuns()).toEqual(before);
      expect(aws.tasks.living()).toEqual([]);
    });
  },
);
