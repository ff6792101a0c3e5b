import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import type { TaskDefinition } from './sandbox-task-definition.ts';

type Fields = Readonly<Record<string, unknown>>;
type RunTaskInput = Partial<RunTaskCommandInput>;
type Rule<T> = { readonly what: string; readonly breaks: (of: T) => boolean };

const isSet = (value: unknown): boolean =>
  !(value === undefined || value === false || (Array.isArray(value) && value.length === 0));
const has = (field: string): Rule<Fields> => ({ what: field, breaks: (of) => isSet(of[field]) });

/** Memory in MiB that goes with so much processor: 1,024 are one vCPU. */
const memories: Readonly<Record<string, (memory: number) => boolean>> = {
  '256': (memory) => [512, 1_024, 2_048].includes(memory),
  '512': (memory) => memory >= 1_024 && memory <= 4_096 && memory % 1_024 === 0,
  '1024': (memory) => memory >= 2_048 && memory <= 8_192 && memory % 1_024 === 0,
  '2048': (memory) => memory >= 4_096 && memory <= 16_384 && memory % 1_024 === 0,
  '4096': (memory) => memory >= 8_192 && memory <= 30_720 && memory % 1_024 === 0,
  '8192': (memory) => memory >= 16_384 && memory <= 61_440 && memory % 4_096 === 0,
  '16384': (memory) => memory >= 32_768 && memory <= 122_880 && memory % 8_192 === 0,
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

const containersOf = (task: Fields): readonly Fields[] => (task['ContainerDefinitions'] ?? []) as readonly Fields[];
const namesIn = (list: unknown, field: string): readonly string[] =>
  ((list ?? []) as readonly Fields[]).map((item) => String(item[field]));

/** What RegisterTaskDefinition refuses of a task as a whole. */
const ofWhole: readonly Rule<Fields>[] = [
  {
    what: 'EphemeralStorage',
    breaks: ({ EphemeralStorage }) => {
      const size = (EphemeralStorage as Fields | undefined)?.['SizeInGiB'];
      return size !== undefined && !(Number(size) >= 21 && Number(size) <= 200);
    },
  },
  // Whoever pulls from ECR, writes to CloudWatch Logs or reads a secret, before any container runs.
  { what: 'ExecutionRoleArn', breaks: ({ ExecutionRoleArn }) => ExecutionRoleArn === undefined },
  { what: 'Essential', breaks: (task) => containersOf(task).every(({ Essential = true }) => Essential !== true) },
  {
    what: 'MountPoints',
    breaks: (task) =>
      containersOf(task).some(({ MountPoints }) =>
        namesIn(MountPoints, 'SourceVolume').some((name) => !namesIn(task['Volumes'], 'Name').includes(name)),
      ),
  },
  {
    what: 'Names',
    breaks: (task) => {
      const names = containersOf(task).map(({ Name }) => String(Name));
      return new Set(names).size !== names.length || names.some((name) => !/^[A-Za-z0-9_-]{1,255}$/.test(name));
    },
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
  { what: 'ResourceRequirements', breaks: ({ ResourceRequirements }) => isSet(ResourceRequirements) },
  // Of the kernel's settings those of IPC; a network of its own each task has.
  {
    what: 'SystemControls',
    breaks: ({ SystemControls }) =>
      namesIn(SystemControls, 'Namespace').some((name) => /^(?:kernel\.(?:msg|sem|shm)|fs\.mqueue)/.test(name)),
  },
  {
    what: 'HostPort',
    breaks: ({ PortMappings = [] }) =>
      (PortMappings as readonly Fields[]).some(
        ({ ContainerPort, HostPort = ContainerPort }) => HostPort !== ContainerPort,
      ),
  },
  {
    what: 'Secrets',
    breaks: ({ Environment, Secrets }) =>
      namesIn(Secrets, 'Name').some((name) => namesIn(Environment, 'Name').includes(name)),
  },
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
  ...[...ofTask, ...ofWhole].filter(({ breaks }) => breaks(task)).map(({ what }) => what),
  ...task.ContainerDefinitions.flatMap((container) =>
    ofContainer.filter(({ breaks }) => breaks(container)).map(({ what }) => `${container.Name}: ${what}`),
  ),
];

/** Characters that the overrides of RunTask may have, their formatting included. */
export const maxOverrides = 8_192;

const ofRequest: readonly Rule<RunTaskInput>[] = [
  { what: 'launchType', breaks: ({ launchType }) => launchType !== 'FARGATE' },
  { what: 'count', breaks: ({ count = 1 }) => count < 1 || count > 10 },
  { what: 'overrides', breaks: ({ overrides = {} }) => JSON.stringify(overrides).length > maxOverrides },
  { what: 'clientToken', breaks: ({ clientToken = 'x' }) => !/^[\x21-\x7e]{1,64}$/.test(clientToken) },
  { what: 'startedBy', breaks: ({ startedBy = 'x' }) => !/^[A-Za-z0-9_/-]{1,128}$/.test(startedBy) },
  {
    what: 'networkConfiguration',
    breaks: ({ networkConfiguration }) => {
      const { subnets = [], securityGroups = [] } = networkConfiguration?.awsvpcConfiguration ?? {};
      return subnets.length < 1 || subnets.length > 16 || securityGroups.length > 5;
    },
  },
];

/** What of a request RunTask does not take, as its reference had it in August 2026. */
export const refusedByRunTask = (request: RunTaskInput): readonly string[] =>
  ofRequest.filter(({ breaks }) => breaks(request)).map(({ what }) => what);

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
