import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FargateChoice } from '../../../../src/adapters/aws/fargate/fargate-settings.ts';
import { dynamoPlaceTable } from '../../../../src/adapters/aws/fargate/place-table.ts';
import type { FargateSandbox } from '../../../../src/adapters/aws/fargate-sandbox.ts';
import { type Lease, type LeaseHolder, heldByRun } from '../../../../src/contracts/sandbox.ts';
import { type EcsServer, startEcsServer } from '../../../aws/ecs/ecs-server.ts';
import { overriddenVariable } from '../../../aws/ecs/start-task.ts';
import { leaveOut } from '../../../support/is-missing.ts';
import { findMiniStack, type MiniStack, startMiniStack } from '../ministack.ts';
import { createPlainTable, openFargateSandbox } from './fargate-subject.ts';

const found = await findMiniStack();
const always = async (): Promise<boolean> => true;
const run = (number: number): LeaseHolder => heldByRun(`01ARZ3NDEKTSV4RRFFQ69G5F${String(number).padStart(2, '0')}`);

describe.skipIf('missing' in found && leaveOut('emulator', found.missing))('sandboxes on Fargate', () => {
  let ministack: MiniStack;
  let dynamo: DynamoDBDocumentClient;
  let ecs: EcsServer;
  let table: string;
  let sandbox: FargateSandbox;
  let tables = 0;
  /** Seconds by which the clock of the sandboxes is ahead. */
  let ahead = 0;
  const now = (): Date => new Date(Date.now() + ahead * 1000);
  const open = (choice: Partial<FargateChoice> = {}): FargateSandbox =>
    openFargateSandbox({ ecs, dynamo, table, choice, now });

  beforeAll(async () => {
    if ('missing' in found) return;
    ministack = await startMiniStack(found.python);
  });
  afterAll(() => ministack.stop());
  beforeEach(async () => {
    tables += 1;
    ahead = 0;
    table = `surveyor-${tables}`;
    dynamo = await createPlainTable(ministack.client, table);
    let address = 0;
    ecs = await startEcsServer({
      startTask: async () => {
        address += 1;
        return {
          address: `10.71.0.${address}`,
          ended: new Promise<never>(() => undefined),
          stop: async () => undefined,
        };
      },
    });
    sandbox = open();
    return () => ecs.close();
  });

  /** Asks until it is ready, with the clock moved on in place of waiting. */
  const take = async (holder: LeaseHolder, tenant = 'acme', attempt = 1, from = sandbox): Promise<Lease> => {
    for (let asked = 0; asked < 300; asked += 1) {
      const taken = await from.take(tenant, holder, attempt);
      if (taken.state === 'ready') return taken.lease;
      ahead += taken.wait_seconds;
    }
    throw new Error('no sandbox was to be had');
  };
  const runTasks = () => ecs.calls.filter(({ action }) => action === 'RunTask');

  it('are queued, starting, ready; stopped when released, and the place given back', async () => {
    expect(await sandbox.take('acme', run(1), 1)).toEqual({ state: 'starting', wait_seconds: 10 });
    const lease = await take(run(1));
    expect(lease).toMatchObject({ tenant: 'acme', holder: run(1), address: 'https://10.71.0.1:8443/' });
    expect(await take(run(1))).toEqual(lease);
    const [task] = ecs.tasks;
    expect(task?.input).toMatchObject({
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      startedBy: expect.stringMatching(/^run-01ARZ3NDEKTSV4RRFFQ69G5F01-1-[0-9a-f]{8}$/) as string,
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' },
      },
    });
    expect(JSON.stringify(task?.input)).not.toContain(lease.token);
    expect(task === undefined ? '' : overriddenVariable(task.input, 'SURVEYOR_SUPERVISOR_SETTINGS')).toMatch(
      /"token_sha256":"[0-9a-f]{64}"/,
    );
    await sandbox.release(lease);
    await sandbox.release(lease);
    expect(ecs.living()).toEqual([]);
    expect(await dynamoPlaceTable({ client: dynamo, table }).all()).toMatchObject({
      tickets: [],
      places: [],
      warm: [],
    });
  });

  it('are one for one holder, however many ask at once', async () => {
    const others = [sandbox, open(), open(), open()];
    await Promise.all(others.map((one) => one.take('acme', run(1), 1)));
    const leases = await Promise.all(others.map((one) => take(run(1), 'acme', 1, one)));
    expect(new Set(leases.map(({ lease_id }) => lease_id)).size).toBe(1);
    expect(ecs.tasks).toHaveLength(1);
    expect((await dynamoPlaceTable({ client: dynamo, table }).all()).places).toHaveLength(1);
  });

  it('are at most four for thirty that ask at once, and every one of them gets its turn', async () => {
    const holders = Array.from({ length: 30 }, (_, n) => ({ tenant: `t${n % 3}`, holder: run(n), state: '' }));
    let most = 0;
    for (let round = 0; round < 60 && holders.some(({ state }) => state !== 'ended'); round += 1) {
      await Promise.all(
        holders.map(async (one) => {
          if (one.state === 'ended') return;
          const taken = await sandbox.take(one.tenant, one.holder, 1);
          one.state = taken.state;
          if (taken.state !== 'ready') return;
          await sandbox.release(taken.lease);
          one.state = 'ended';
        }),
      );
      most = Math.max(most, ecs.living().length);
      ahead += 20;
    }
    expect(holders.map(({ state }) => state)).toEqual(holders.map(() => 'ended'));
    expect(most).toBeLessThanOrEqual(4);
    expect(ecs.tasks).toHaveLength(30);
    expect(ecs.living()).toEqual([]);
  });

  it('go to the tenant that holds fewest, though another one asked before', async () => {
    const two = open({ places: 2 });
    const first = await take(run(1), 'acme', 1, two);
    await take(run(2), 'acme', 1, two);
    expect(await two.take('acme', run(3), 1)).toMatchObject({ state: 'queued', wait_seconds: 10 });
    ahead += 1;
    expect(await two.take('beta', run(4), 1)).toMatchObject({ state: 'queued', wait_seconds: 10 });
    await two.release(first);
    expect((await two.take('acme', run(3), 1)).state).toBe('queued');
    expect((await two.take('beta', run(4), 1)).state).toBe('starting');
  });

  it('are not kept for who has not asked for minutes', async () => {
    const one = open({ places: 1 });
    const lease = await take(run(1), 'acme', 1, one);
    await one.take('acme', run(2), 1);
    ahead += 200;
    await one.take('acme', run(3), 1);
    await one.release(lease);
    expect((await one.take('acme', run(3), 1)).state).toBe('starting');
  });

  describe('that do not start', () => {
    const refusal = (name: string, message: string) => ({ kind: 'refused', name, message }) as const;

    it('say why, and leave neither place nor task', async () => {
      for (const [script, said] of [
        [refusal('AccessDeniedException', 'not authorized to perform ecs:RunTask'), 'role does not allow'],
        [
          {
            kind: 'stopped',
            end: { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: not found' },
          },
          'image could not be pulled',
        ],
      ] as const) {
        ecs.next.push(script);
        await expect(take(run(1))).rejects.toMatchObject({
          kind: 'SANDBOX_UNAVAILABLE',
          message: expect.stringContaining(said) as string,
        });
        expect(ecs.living()).toEqual([]);
        expect(await dynamoPlaceTable({ client: dynamo, table }).all()).toMatchObject({ tickets: [], places: [] });
      }
    });

    it('for want of capacity are tried again, ever later, with the place kept', async () => {
      ecs.next.push({ kind: 'no capacity' }, { kind: 'no capacity' });
      expect(await sandbox.take('acme', run(1), 1)).toEqual({ state: 'starting', wait_seconds: 5 });
      expect(await sandbox.take('acme', run(1), 1)).toMatchObject({ state: 'starting' });
      expect(runTasks()).toHaveLength(1);
      ahead += 5;
      expect(await sandbox.take('acme', run(1), 1)).toEqual({ state: 'starting', wait_seconds: 10 });
      ahead += 10;
      await take(run(1));
      expect(runTasks()).toHaveLength(3);
      expect(new Set(runTasks().map(({ input }) => input['clientToken'])).size).toBe(3);
    });

    it('for want of capacity are given up in the end, and the reason is told', async () => {
      ecs.next.push(...Array.from({ length: 20 }, () => ({ kind: 'no capacity' }) as const));
      await expect(take(run(1))).rejects.toMatchObject({
        kind: 'SANDBOX_UNAVAILABLE',
        message: expect.stringContaining('AWS has no capacity') as string,
      });
      expect(runTasks()).toHaveLength(12);
    });

    it('though ECS took them are stopped after five minutes, and others started', async () => {
      ecs.next.push({ kind: 'never running' }, { kind: 'no address' });
      const lease = await take(run(1));
      expect(ecs.tasks).toHaveLength(3);
      expect(ecs.living().map(({ arn }) => arn.split('/').at(-1))).toEqual([lease.lease_id]);
      expect(ecs.tasks[0]?.end?.stoppedReason).toBe('It did not start in time.');
    });
  });

  it('whose RunTask lost its answer are found again by its token', async () => {
    ecs.next.push({ kind: 'answer lost' });
    await take(run(1));
    expect(runTasks()).toHaveLength(2);
    expect(ecs.tasks).toHaveLength(1);
  });

  it('that run twice for one token are both stopped at the end, and the second by a sweep before', async () => {
    ecs.next.push({ kind: 'runs twice' });
    const lease = await take(run(1));
    expect(ecs.living()).toHaveLength(2);
    ahead += 130;
    expect(await sandbox.sweep(always)).toMatchObject({
      holders: 0,
      stopped: [{ reason: 'No run is known to have it.' }],
    });
    expect(ecs.living().map(({ arn }) => arn.split('/').at(-1))).toEqual([lease.lease_id]);
    ecs.next.push({ kind: 'runs twice' });
    await sandbox.release(await take(run(2)));
    await sandbox.release(lease);
    expect(ecs.living()).toEqual([]);
  });

  it('that died get their holder another, with another token', async () => {
    const lease = await take(run(1));
    await ecs.kill(ecs.tasks[0]?.arn ?? '', { stopCode: 'EssentialContainerExited', stoppedReason: 'gone' });
    const again = await take(run(1));
    expect(again.lease_id).not.toBe(lease.lease_id);
    expect(again.token).not.toBe(lease.token);
    // The lease of before releases nothing of the one that is.
    await sandbox.release(lease);
    expect(ecs.living()).toHaveLength(1);
  });

  it('belong to one attempt: a later one gets its own, an earlier one none', async () => {
    const first = await take(run(1));
    const second = await take(run(1), 'acme', 2);
    expect(second.lease_id).not.toBe(first.lease_id);
    expect(ecs.living()).toHaveLength(1);
    await expect(sandbox.take('acme', run(1), 1)).rejects.toMatchObject({ kind: 'CONFLICT' });
  });

  it('that are abandoned go at any moment: waiting, starting, ready', async () => {
    const one = open({ places: 1 });
    await take(run(1), 'acme', 1, one);
    await one.take('acme', run(2), 1);
    await one.abandon('acme', run(2));
    await one.abandon('acme', run(1));
    await one.take('acme', run(3), 1);
    await one.abandon('acme', run(3));
    await one.abandon('acme', run(9));
    expect(ecs.living()).toEqual([]);
    expect(await dynamoPlaceTable({ client: dynamo, table }).all()).toMatchObject({ tickets: [], places: [] });
  });

  it('that are abandoned while RunTask is under way are stopped by who started them', async () => {
    const slow = await startEcsServer({
      startTask: async () => ({
        address: '10.71.1.1',
        ended: new Promise<never>(() => undefined),
        stop: async () => undefined,
      }),
    });
    const two = openFargateSandbox({ ecs: slow, dynamo, table, now });
    slow.before = async (action) => {
      if (action !== 'RunTask') return;
      slow.before = undefined;
      await two.abandon('acme', run(1));
    };
    await expect(two.take('acme', run(1), 1)).rejects.toMatchObject({ kind: 'RUN_CANCELLED' });
    expect(slow.tasks).toHaveLength(1);
    expect(slow.living()).toEqual([]);
    await slow.close();
  });

  it('of runs that have ended, of those who went away, and of nobody are ended by a sweep', async () => {
    await take(run(1));
    await take(run(2));
    await sandbox.take('acme', run(3), 1);
    ahead += 400;
    const lives = async (_: string, { id }: LeaseHolder): Promise<boolean> => id !== run(2).id;
    expect(await sandbox.sweep(lives)).toMatchObject({
      holders: 2,
      stopped: [{ reason: 'Its holder has ended.' }, { reason: 'Nobody asked for it any more.' }],
    });
    expect(ecs.living()).toHaveLength(1);
    expect(await sandbox.sweep(lives)).toMatchObject({ holders: 0, stopped: [] });
    expect((await dynamoPlaceTable({ client: dynamo, table }).all()).places).toHaveLength(1);
  });

  describe('started ahead', () => {
    it('are taken at once, each by one, and others started in their place', async () => {
      const warm = open({ warm: 2 });
      expect((await warm.sweep(always)).warm).toEqual({ started: 2, ended: 0 });
      await expect.poll(() => ecs.tasks.map(({ status }) => status)).toEqual(['RUNNING', 'RUNNING']);
      const taken = await Promise.all([1, 2].map((n) => warm.take(`t${n}`, run(n), 1)));
      expect(taken.map(({ state }) => state)).toEqual(['ready', 'ready']);
      expect(new Set(taken.flatMap((one) => (one.state === 'ready' ? [one.lease.lease_id] : []))).size).toBe(2);
      expect(ecs.tasks).toHaveLength(2);
      expect((await warm.sweep(always)).warm).toEqual({ started: 2, ended: 0 });
      expect(ecs.living()).toHaveLength(4);
      // All places are taken: one more waits for none, it takes the next that was started ahead.
      expect((await warm.take('t3', run(3), 1)).state).toBe('ready');
    });

    it('are replaced before their lease lapses, and when they have died', async () => {
      const warm = open({ warm: 1 });
      await warm.sweep(always);
      ahead += 2_800;
      expect((await warm.sweep(always)).warm).toEqual({ started: 1, ended: 1 });
      expect(ecs.living()).toHaveLength(1);
      await ecs.kill(ecs.living()[0]?.arn ?? '', { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'host' });
      expect((await warm.sweep(always)).warm).toEqual({ started: 1, ended: 1 });
      expect(ecs.living()).toHaveLength(1);
    });
  });
});
