import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { supervisorContainer } from '../../lib/sandbox/sandbox-containers.ts';
import { capabilitiesWithout, defaultCapabilities, maxOverrides, refusedByFargate } from './fargate-rules.ts';
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
    ['NetworkMode', { ...task, NetworkMode: 'bridge' }],
    ['Memory', { ...task, Memory: '2048' }],
    ['Volumes', { ...task, Volumes: [{ Name: 'run', Host: { SourcePath: '/run' } }] }],
    ['RuntimePlatform', { ...task, RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' } }],
    ['supervisor: Privileged', container({ Privileged: true })],
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

  it('is started with settings that fit into what RunTask takes', () => {
    const example = /```json SupervisorSettings\n(.*?)```/s.exec(readFileSync('docs/image.md', 'utf8'))?.[1] ?? '';
    const value = JSON.stringify(JSON.parse(example));
    const overrides = {
      containerOverrides: [
        { name: supervisorContainer, environment: [{ name: 'SURVEYOR_SUPERVISOR_SETTINGS', value }] },
      ],
    };
    expect(value.length).toBeGreaterThan(300);
    // Room for what settings may come to name.
    expect(JSON.stringify(overrides).length).toBeLessThan(maxOverrides / 4);
  });
});
