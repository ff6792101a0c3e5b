import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { supervisorContainer } from '../../lib/sandbox/sandbox-containers.ts';
import { capabilitiesWithout } from '../infra/fargate-rules.ts';
import { containerOf } from '../infra/sandbox-task-definition.ts';
import { callSupervisor } from '../../src/adapters/sandbox-client.ts';
import type { SupervisorSettings } from '../../runner-task/supervisor/settings.ts';
import type { SandboxInput, SandboxOperation, SandboxOutput } from '../../src/contracts/sandbox.ts';

/** A root file system to run programs in, and what is given to the container around it. */
export type ContainerOptions = {
  readonly root: string;
  /** A folder that it sees at /run/surveyor, instead of a tmpfs of its own. */
  readonly volume?: string;
  /** A folder that it sees at /run/surveyor/data. */
  readonly data?: string;
  readonly user?: number;
  /** By number; those that Fargate leaves where it is not said. */
  readonly capabilities?: readonly number[];
  /** A process whose network it shares, as containers of one task do. */
  readonly network_of?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the system has Landlock; Fargate's Linux, 5.10, does not. */
  readonly landlock?: boolean;
};

/** A program in a container of its own. */
export type Container = {
  /** The number of its first process, seen from outside. */
  readonly pid: number;
  /** The next line that it prints; fails, with its complaint, where it ends instead. */
  line(): Promise<string>;
  tell(line: string): void;
  /** Ends its standard input. */
  endInput(): void;
  readonly closed: Promise<unknown>;
  readonly complaint: () => string;
};

const launcher = fileURLToPath(new URL('./container.py', import.meta.url));
const node = ['/usr/bin/node', '--disable-warning=ExperimentalWarning'];
const python = ['/opt/python/bin/python', '-I', '-B'];
const project = '/opt/surveyor/runner-task';

/** Starts a program of the image in a container. */
export const startContainer = async (options: ContainerOptions, program: readonly string[]): Promise<Container> => {
  const settings = JSON.stringify({ user: 0, landlock: true, ...options, program });
  const child = spawn('/usr/bin/python3', ['-I', launcher, settings], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  const closed = once(child, 'close');
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { value, done } = (await lines.next()) as { value: string; done: boolean };
    if (!done) return value;
    await closed;
    throw new Error(`The container ended: ${complaint}`);
  };
  const { pid } = JSON.parse(await line()) as { pid: number };
  return {
    pid,
    line,
    tell: (text) => child.stdin.write(`${text}\n`),
    endInput: () => child.stdin.end(),
    closed,
    complaint: () => complaint,
  };
};

/** Runs one Python program in a container to its end: what it printed. */
export const runPython = async (options: ContainerOptions, code: string): Promise<string> => {
  const container = await startContainer(options, [...python, '-c', code]);
  container.endInput();
  const lines: string[] = [];
  for (;;) {
    const line = await container.line().catch(() => undefined);
    if (line === undefined) break;
    lines.push(line);
  }
  const [exitCode] = (await container.closed) as [number];
  if (exitCode !== 0) throw new Error(`Python ended with ${exitCode}: ${container.complaint()}`);
  return lines.join('\n');
};

/** A supervisor in its container, driven from outside as the function that calls it would. */
export type ContainedSupervisor = {
  /** The number of its process, seen from outside. */
  readonly pid: number;
  call<O extends SandboxOperation>(operation: O, input: SandboxInput<O>): Promise<SandboxOutput<O>>;
  end(): Promise<void>;
};

const newSupervisor = (): { token: string; settings: SupervisorSettings } => {
  const token = randomBytes(32).toString('base64url');
  return {
    token,
    settings: {
      token_sha256: createHash('sha256').update(token).digest('hex'),
      listen: { socket: '/run/surveyor/s' },
      folder: '/run/surveyor/sandbox',
      python: '/opt/python/bin/python',
      kernel: `${project}/kernel`,
      database_memory_bytes: 1024 ** 3,
      kernel_memory_bytes: 2 * 1024 ** 3,
      lease_seconds: 3_600,
      isolation_at_least: 'process',
    },
  };
};

const whenReady = async (container: Container, token: string): Promise<Pick<ContainedSupervisor, 'pid' | 'call'>> => {
  const said = JSON.parse(await container.line()) as { ready?: boolean };
  if (said.ready !== true) throw new Error('The supervisor did not say that it is ready.');
  const lease = {
    address: `/proc/${container.pid}/root/run/surveyor/s`,
    token,
    holder: { kind: 'run', id: 'run-1' } as const,
  };
  return { pid: container.pid, call: (operation, input) => callSupervisor(lease, operation, input) };
};

/** Starts the image's supervisor, which starts kernels in its own container. */
export const startSupervisor = async (options: ContainerOptions): Promise<ContainedSupervisor> => {
  const container = await startContainer(options, [...node, `${project}/supervisor/main.ts`]);
  const { token, settings } = newSupervisor();
  container.tell(JSON.stringify(settings));
  return {
    ...(await whenReady(container, token)),
    async end() {
      container.endInput();
      await container.closed;
    },
  };
};

/** What a container of the task definition is started with here: its command, user, capabilities, environment and volume. */
const synthesized = (name: string, volume: string) => {
  const { Command, User, Environment, MountPoints, LinuxParameters } = containerOf(name);
  const [{ ContainerPath } = {}, ...others] = MountPoints;
  if (ContainerPath !== '/run/surveyor' || others.length > 0)
    throw new Error(`${name} has another volume than one at /run/surveyor.`);
  return {
    program: Command,
    options: {
      volume,
      user: Number(User),
      capabilities: capabilitiesWithout(LinuxParameters.Capabilities.Drop),
      environment: Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value])),
    },
  };
};

/** A task: the two containers that one image makes, with one network and one volume. */
export type Task = ContainedSupervisor & { readonly kernels: Container };

/** Starts both at once, as a task does, with all that the task definition says of them. A user given is that of the kernels. */
export const startTask = async (
  { root, data, landlock = true, user }: ContainerOptions & { readonly data: string },
  volume: string,
): Promise<Task> => {
  const [first, second] = [synthesized('kernels', volume), synthesized(supervisorContainer, volume)];
  const kernels = await startContainer(
    { root, landlock, ...first.options, ...(user === undefined ? {} : { user }) },
    first.program,
  );
  const { token, settings } = newSupervisor();
  const supervisor = await startContainer(
    {
      root,
      data,
      landlock,
      ...second.options,
      network_of: kernels.pid,
      environment: {
        ...second.options.environment,
        SURVEYOR_SUPERVISOR_SETTINGS: JSON.stringify({ ...settings, kernel_socket: '/run/surveyor/kernels.socket' }),
      },
    },
    second.program,
  );
  const kill = (pid: number): void => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
  return {
    ...(await whenReady(supervisor, token)),
    kernels,
    async end() {
      for (const { pid } of [supervisor, kernels]) kill(pid);
      await Promise.all([supervisor.closed, kernels.closed]);
    },
  };
};
