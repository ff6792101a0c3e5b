import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { callSupervisor } from '../../src/adapters/sandbox-client.ts';
import type { SupervisorSettings } from '../../runner-task/supervisor/settings.ts';
import type { SandboxInput, SandboxOperation, SandboxOutput } from '../../src/contracts/sandbox.ts';

/** A root file system to run programs in, and a folder that they see at /run/surveyor/data. */
export type ContainerOptions = {
  readonly root: string;
  readonly data: string;
  readonly user?: number;
  /** Whether the system has Landlock; Fargate's Linux, 5.10, does not. */
  readonly landlock?: boolean;
};

const launcher = fileURLToPath(new URL('./container.py', import.meta.url));

const launch = (options: ContainerOptions, program: readonly string[]) => {
  const settings = JSON.stringify({ user: 0, landlock: true, ...options, program });
  const child = spawn('/usr/bin/python3', ['-I', launcher, settings], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  return { child, closed: once(child, 'close'), complaint: () => complaint };
};

/** Runs one Python program in a container to its end: what it printed. */
export const runPython = async (options: ContainerOptions, code: string): Promise<string> => {
  const { child, closed, complaint } = launch(options, ['/opt/python/bin/python', '-I', '-B', '-c', code]);
  child.stdin.end();
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(line);
  const [exitCode] = (await closed) as [number];
  if (exitCode !== 0) throw new Error(`Python ended with ${exitCode}: ${complaint()}`);
  return lines.slice(1).join('\n');
};

/** A supervisor in its container, driven from outside as the function that calls it would. */
export type ContainedSupervisor = {
  /** The number of its process, seen from outside. */
  readonly pid: number;
  call<O extends SandboxOperation>(operation: O, input: SandboxInput<O>): Promise<SandboxOutput<O>>;
  end(): Promise<void>;
};

/** Starts the image's supervisor with the image's own entry point. */
export const startSupervisor = async (options: ContainerOptions): Promise<ContainedSupervisor> => {
  const { child, closed, complaint } = launch(options, [
    '/usr/bin/node',
    '--disable-warning=ExperimentalWarning',
    '/opt/surveyor/runner-task/supervisor/main.ts',
  ]);
  const token = randomBytes(32).toString('base64url');
  const settings: SupervisorSettings = {
    token,
    listen: { socket: '/run/surveyor/s' },
    folder: '/run/surveyor/sandbox',
    python: '/opt/python/bin/python',
    kernel: '/opt/surveyor/runner-task/kernel',
    database_memory_bytes: 1024 ** 3,
    kernel_memory_bytes: 2 * 1024 ** 3,
    isolation_at_least: 'process',
  };
  child.stdin.write(`${JSON.stringify(settings)}\n`);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> => {
    const { value, done } = (await lines.next()) as { value: string; done: boolean };
    if (done) throw new Error(`The supervisor did not start: ${complaint()}`);
    return JSON.parse(value) as Record<string, unknown>;
  };
  const pid = Number((await next())['pid']);
  if ((await next())['ready'] !== true) throw new Error('The supervisor did not say that it is ready.');
  const lease = { address: `/proc/${pid}/root/run/surveyor/s`, token, run_id: 'run-1' };
  return {
    pid,
    call: (operation, input) => callSupervisor(lease, operation, input),
    async end() {
      child.stdin.end();
      await closed;
    },
  };
};
