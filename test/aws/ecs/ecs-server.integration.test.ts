import {
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EcsServer, startEcsServer } from './ecs-server.ts';

const cluster = 'arn:aws:ecs:us-east-1:000000000000:cluster/surveyor';
const input = (clientToken: string, startedBy = 'run-1'): RunTaskCommandInput => ({
  cluster,
  taskDefinition: 'arn:aws:ecs:us-east-1:000000000000:task-definition/surveyor-sandbox:3',
  launchType: 'FARGATE',
  clientToken,
  startedBy,
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  overrides: { containerOverrides: [{ name: 'supervisor', environment: [{ name: 'A', value: 'b' }] }] },
});

describe('the ECS of the tests', () => {
  let ecs: EcsServer;
  let client: ECSClient;
  const run = (token: string, startedBy?: string) => client.send(new RunTaskCommand(input(token, startedBy)));
  const arnOf = async (token: string, startedBy?: string): Promise<string> =>
    (await run(token, startedBy)).tasks?.[0]?.taskArn ?? '';
  const look = async (arn: string) =>
    (await client.send(new DescribeTasksCommand({ cluster, tasks: [arn] }))).tasks?.[0];
  const list = async (filter: { readonly startedBy?: string; readonly family?: string }) =>
    (await client.send(new ListTasksCommand({ cluster, ...filter }))).taskArns;

  beforeAll(async () => {
    const never = new Promise<never>(() => undefined);
    ecs = await startEcsServer({
      startTask: async () => ({ address: '127.1.2.3', ended: never, stop: async () => undefined }),
    });
    client = new ECSClient({ ...ecs.client, maxAttempts: 2 });
  });
  afterAll(() => ecs.close());
  beforeEach(async () => {
    for (const { arn } of ecs.living()) await client.send(new StopTaskCommand({ cluster, task: arn }));
  });

  it('starts one task for a token, shows its address, and stops it', async () => {
    const arn = await arnOf('t1');
    expect(await arnOf('t1')).toBe(arn);
    await expect(run('t1', 'run-2')).rejects.toMatchObject({ name: 'ConflictException', resourceIds: [arn] });
    await expect.poll(async () => (await look(arn))?.lastStatus).toBe('RUNNING');
    expect((await look(arn))?.attachments?.[0]?.details).toContainEqual({
      name: 'privateIPv4Address',
      value: '127.1.2.3',
    });
    expect(await list({ startedBy: 'run-1' })).toEqual([arn]);
    expect(await list({ family: 'surveyor-sandbox' })).toEqual([arn]);
    await client.send(new StopTaskCommand({ cluster, task: arn, reason: 'done' }));
    expect(await list({ startedBy: 'run-1' })).toEqual([]);
    expect(await look(arn)).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'done' });
  });

  it('does what is scripted, and is asked again by the SDK where its answer is lost', async () => {
    ecs.next.push({ kind: 'refused', name: 'AccessDeniedException', message: 'no' }, { kind: 'no capacity' });
    await expect(run('t2')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect((await run('t2')).failures?.[0]?.reason).toContain('Capacity');
    ecs.next.push({ kind: 'answer lost' });
    const arn = await arnOf('t3', 'run-3');
    expect(await list({ startedBy: 'run-3' })).toEqual([arn]);
    ecs.next.push({ kind: 'runs twice' });
    await run('t4', 'run-4');
    expect(await list({ startedBy: 'run-4' })).toHaveLength(2);
    ecs.next.push({
      kind: 'stopped',
      end: { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError' },
    });
    expect(await look(await arnOf('t5'))).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart' });
    ecs.next.push({ kind: 'never running' });
    expect(await look(await arnOf('t6'))).toMatchObject({ lastStatus: 'PROVISIONING' });
  });
});
