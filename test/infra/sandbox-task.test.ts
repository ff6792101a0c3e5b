import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ECSClient, type RunTaskCommandInput } from '@aws-sdk/client-ecs';
import { openEcsTasks } from '../../src/adapters/aws/fargate/ecs-tasks.ts';
import { fargateSettings } from '../../src/adapters/aws/fargate/fargate-settings.ts';
import { ticketOrigin } from '../../src/adapters/aws/fargate/ticket.ts';
import { supervisorContainer } from '../../lib/sandbox/sandbox-containers.ts';
import {
  capabilitiesWithout,
  defaultCapabilities,
  maxOverrides,
  refusedByFargate,
  refusedByRunTask,
} from './fargate-rules.ts';
import { containerOf, synthesizeTaskDefinition, TaskDefinition } from './sandbox-task-definition.ts';

const task = synthesizeTaskDefinition();

describe('the task of a sandbox', () => {
  it('is one that Fargate takes', () => {
    expect(refusedByFargate(task)).toEqual([]);
  });

  const container = (more: object): TaskDefinition =>
    TaskDefinition.parse({
      ...task,
      ContainerDefinitions: task.ContainerDefinitions.map((one) =>
        one.Name === supervisorContainer ? { ...one, ...more } : one,
      ),
    });
  const linux = (more: object): TaskDefinition =>
    container({ LinuxParameters: { Capabilities: { Drop: ['ALL'] }, ...more } });

  it.each<readonly [string, TaskDefinition]>([
    ['PidMode', { ...task, PidMode: 'host' }],
    ['IpcMode', { ...task, IpcMode: 'host' }],
    ['NetworkMode', { ...task, NetworkMode: 'bridge' }],
    ['EphemeralStorage', { ...task, EphemeralStorage: { SizeInGiB: 20 } }],
    ['ExecutionRoleArn', { ...task, ExecutionRoleArn: undefined }],
    ['MountPoints', { ...task, Volumes: [{ Name: 'other' }] }],
    [
      'Essential',
      { ...task, ContainerDefinitions: task.ContainerDefinitions.map((one) => ({ ...one, Essential: false })) },
    ],
    [
      'Names',
      { ...task, ContainerDefinitions: task.ContainerDefinitions.map((one) => ({ ...one, Name: 'one of two' })) },
    ],
    ['Memory', { ...task, Memory: '2048' }],
    ['Volumes', { ...task, Volumes: [{ Name: 'run', Host: { SourcePath: '/run' } }] }],
    ['RuntimePlatform', { ...task, RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' } }],
    ['supervisor: Privileged', container({ Privileged: true })],
    ['supervisor: ResourceRequirements', container({ ResourceRequirements: [{ Type: 'GPU', Value: '1' }] })],
    ['supervisor: SystemControls', container({ SystemControls: [{ Namespace: 'kernel.shmmax', Value: '1' }] })],
    ['supervisor: HostPort', container({ PortMappings: [{ ContainerPort: 8443, HostPort: 443 }] })],
    [
      'supervisor: Secrets',
      container({ Environment: [{ Name: 'A', Value: '' }], Secrets: [{ Name: 'A', ValueFrom: 'arn' }] }),
    ],
    ['supervisor: DockerSecurityOptions', container({ DockerSecurityOptions: ['no-new-privileges'] })],
    ['supervisor: LogDriver', container({ LogConfiguration: { LogDriver: 'json-file' } })],
    ['supervisor: StopTimeout', container({ StopTimeout: 300 })],
    ['supervisor: Ulimits', container({ Ulimits: [{ Name: 'nproc', SoftLimit: 1, HardLimit: 1 }] })],
    ['supervisor: Tmpfs', linux({ Tmpfs: [{ ContainerPath: '/tmp', Size: 64 }] })],
    ['supervisor: Devices', linux({ Devices: [{ HostPath: '/dev/kvm' }] })],
    ['supervisor: SharedMemorySize', linux({ SharedMemorySize: 64 })],
    ['supervisor: Capabilities.Add', linux({ Capabilities: { Add: ['SYS_ADMIN'] } })],
  ])('would not be one with another %s', (what, changed) => {
    expect(refusedByFargate(changed)).toEqual([what]);
  });

  it('has no role, so that nothing in it has a way into AWS', () => {
    expect(task['TaskRoleArn']).toBeUndefined();
    expect(task['ExecutionRoleArn']).toBeDefined();
  });

  it('ends as a whole, at once, and writes to one folder alone', () => {
    for (const one of task.ContainerDefinitions)
      expect(one).toMatchObject({
        Essential: true,
        StopTimeout: 5,
        ReadonlyRootFilesystem: true,
        MountPoints: [{ ContainerPath: '/run/surveyor', ReadOnly: false }],
      });
  });

  it('leaves the supervisor no capability and kernels five', () => {
    const left = (name: string) => capabilitiesWithout(containerOf(name).LinuxParameters.Capabilities.Drop);
    expect(left(supervisorContainer)).toEqual([]);
    const names = Object.entries(defaultCapabilities).filter(([, number]) => left('kernels').includes(number));
    expect(names.map(([name]) => name)).toEqual(['CHOWN', 'DAC_OVERRIDE', 'KILL', 'SETGID', 'SETUID']);
  });

  it('has the commands and users that docs/image.md names', () => {
    const documented = readFileSync('docs/image.md', 'utf8');
    const { Command: supervisor } = containerOf(supervisorContainer);
    const { Command: kernels } = containerOf('kernels');
    expect(documented).toContain(`| command | \`${supervisor.join(' ')}\` | \`${kernels.join(' ')}\` |`);
    const users = task.ContainerDefinitions.map(({ User }) => User).join(' | ');
    expect(documented).toContain(`| user | ${users} |`);
  });

  it('is started with a request that RunTask takes, with room for what settings may come to name', async () => {
    const requests: RunTaskCommandInput[] = [];
    const client = new ECSClient({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    client.middlewareStack.add(
      () =>
        async ({ input }) => {
          requests.push(input as RunTaskCommandInput);
          return { output: { tasks: [{ taskArn: 'arn' }], $metadata: {} }, response: {} };
        },
      { step: 'initialize', name: 'take' },
    );
    const settings = fargateSettings({
      cluster: 'surveyor',
      taskDefinition: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/surveyor-sandbox:1',
      subnets: ['subnet-1', 'subnet-2'],
      securityGroup: 'sg-1',
    });
    // The longest that a tenant, a run and an attempt come to.
    const holder = { kind: 'run', id: '01JJXB3B00AAAAAAAAAAAAAAAA' } as const;
    const at = '2026-01-31T12:00:00.000Z';
    const place = { tenant: 't'.repeat(63), holder, attempt: 999, entered_at: at, asked_at: at };
    const origin = ticketOrigin({ ...place, starts: 99, token: 'x'.repeat(43) });
    await openEcsTasks(client, settings).run(origin);
    client.destroy();
    const [request] = requests;
    expect(refusedByRunTask(request ?? {})).toEqual([]);
    expect(refusedByRunTask({ ...request, clientToken: 'x'.repeat(65) })).toEqual(['clientToken']);
    expect(refusedByRunTask({ ...request, startedBy: 'run 1' })).toEqual(['startedBy']);
    expect(refusedByRunTask({ ...request, launchType: 'EC2' })).toEqual(['launchType']);
    const long = {
      containerOverrides: [{ name: 'supervisor', environment: [{ name: 'A', value: 'x'.repeat(8_192) }] }],
    };
    expect(refusedByRunTask({ ...request, overrides: long })).toEqual(['overrides']);
    expect(request).toMatchObject({ launchType: 'FARGATE', platformVersion: '1.4.0', count: 1 });
    expect(request?.overrides?.taskRoleArn).toBeUndefined();
    const { containerOverrides = [] } = request?.overrides ?? {};
    for (const { name } of containerOverrides) expect(containerOf(name ?? '').Name).toBe(name);
    const told = JSON.parse(containerOverrides[0]?.environment?.[0]?.value ?? '') as object;
    const documented = /```json SupervisorSettings\n(.*?)```/s.exec(readFileSync('docs/image.md', 'utf8'))?.[1] ?? '';
    expect(Object.keys(told).toSorted()).toEqual(Object.keys(JSON.parse(documented) as object).toSorted());
    expect(JSON.stringify(request?.overrides).length).toBeLessThan(maxOverrides / 4);
  });
});
