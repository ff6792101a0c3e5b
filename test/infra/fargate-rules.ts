import type { TaskDefinition } from './sandbox-task-definition.ts';

type Fields = Readonly<Record<string, unknown>>;
type Rule<T> = { readonly what: string; readonly breaks: (of: T) => boolean };

const isSet = (value: unknown): boolean =>
  !(value === undefined || value === false || (Array.isArray(value) && value.length === 0));
const has = (field: string): Rule<Fields> => ({ what: field, breaks: (of) => isSet(of[field]) });

/** Memory in MiB that goes with so much processor: 1,024 are one vCPU. */
const memories: Readonly<Record<string, (memory: number) => boolean>> = {
  '1024': (memory) => memory >= 2_048 && memory <= 8_192 && memory % 1_024 === 0,
  '2048': (memory) => memory >= 4_096 && memory <= 16_384 && memory % 1_024 === 0,
  '4096': (memory) => memory >= 8_192 && memory <= 30_720 && memory % 1_024 === 0,
};

/**
 * What Fargate on Linux, platform 1.4.0, does not take of a task definition, as the ECS developer guide ("task definition
 * differences for Fargate") and the reference of RegisterTaskDefinition had it in August 2026.
 */
const ofTask: readonly Rule<Fields>[] = [
  has('PidMode'),
  has('IpcMode'),
  has('PlacementConstraints'),
  has('InferenceAccelerators'),
  has('ProxyConfiguration'),
  { what: 'NetworkMode', breaks: ({ NetworkMode }) => NetworkMode !== 'awsvpc' },
  {
    what: 'RequiresCompatibilities',
    breaks: ({ RequiresCompatibilities }) => JSON.stringify(RequiresCompatibilities) !== '["FARGATE"]',
  },
  {
    what: 'RuntimePlatform',
    breaks: ({ RuntimePlatform }) =>
      JSON.stringify(RuntimePlatform) !== '{"CpuArchitecture":"X86_64","OperatingSystemFamily":"LINUX"}',
  },
  { what: 'Memory', breaks: ({ Cpu, Memory }) => memories[String(Cpu)]?.(Number(Memory)) !== true },
  {
    what: 'Volumes',
    breaks: ({ Volumes = [] }) =>
      (Volumes as readonly Fields[]).some(
        ({ Host, DockerVolumeConfiguration }) =>
          isSet(DockerVolumeConfiguration) || isSet((Host as Fields | undefined)?.['SourcePath']),
      ),
  },
];

const parametersOf = (container: Fields): Fields => (container['LinuxParameters'] as Fields | undefined) ?? {};
const parameter = (field: string): Rule<Fields> => ({ what: field, breaks: (of) => isSet(parametersOf(of)[field]) });

const ofContainer: readonly Rule<Fields>[] = [
  has('Privileged'),
  has('DisableNetworking'),
  has('DockerSecurityOptions'),
  has('DnsServers'),
  has('DnsSearchDomains'),
  has('ExtraHosts'),
  has('Hostname'),
  has('Links'),
  parameter('Devices'),
  parameter('Tmpfs'),
  parameter('SharedMemorySize'),
  parameter('MaxSwap'),
  parameter('Swappiness'),
  {
    what: 'Capabilities.Add',
    breaks: (of) =>
      ((parametersOf(of)['Capabilities'] as { Add?: readonly string[] } | undefined)?.Add ?? []).some(
        (name) => name !== 'SYS_PTRACE',
      ),
  },
  {
    what: 'Ulimits',
    breaks: ({ Ulimits = [] }) => (Ulimits as readonly Fields[]).some(({ Name }) => Name !== 'nofile'),
  },
  { what: 'StopTimeout', breaks: ({ StopTimeout = 30 }) => Number(StopTimeout) < 2 || Number(StopTimeout) > 120 },
  {
    what: 'LogDriver',
    breaks: ({ LogConfiguration }) =>
      LogConfiguration !== undefined &&
      !['awslogs', 'splunk', 'awsfirelens'].includes(String((LogConfiguration as Fields)['LogDriver'])),
  },
];

/** What of a task definition Fargate does not take. */
export const refusedByFargate = (task: TaskDefinition): readonly string[] => [
  ...ofTask.filter(({ breaks }) => breaks(task)).map(({ what }) => what),
  ...task.ContainerDefinitions.flatMap((container) =>
    ofContainer.filter(({ breaks }) => breaks(container)).map(({ what }) => `${container.Name}: ${what}`),
  ),
];

/** Characters that the overrides of RunTask may have, their formatting included. */
export const maxOverrides = 8_192;

/** The capabilities that a container has where nothing is said, by their numbers: those of Docker, of which Fargate takes none. */
export const defaultCapabilities: Readonly<Record<string, number>> = {
  CHOWN: 0,
  DAC_OVERRIDE: 1,
  FOWNER: 3,
  FSETID: 4,
  KILL: 5,
  SETGID: 6,
  SETUID: 7,
  SETPCAP: 8,
  NET_BIND_SERVICE: 10,
  NET_RAW: 13,
  SYS_CHROOT: 18,
  MKNOD: 27,
  AUDIT_WRITE: 29,
  SETFCAP: 31,
};

/** What a container is left with when it drops some. */
export const capabilitiesWithout = (dropped: readonly string[]): readonly number[] => {
  const unknown = dropped.filter((name) => name !== 'ALL' && defaultCapabilities[name] === undefined);
  if (unknown.length > 0) throw new Error(`Dropped, but not had: ${unknown.join(', ')}.`);
  if (dropped.includes('ALL')) return [];
  return Object.entries(defaultCapabilities).flatMap(([name, number]) => (dropped.includes(name) ? [] : [number]));
};
