import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SandboxCertificate } from '../../../src/contracts/sandbox-certificate.ts';
import { overriddenVariable, type StartTask, type TaskEnd } from './start-task.ts';

const project = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const startSeconds = 60;

/** What real supervisors are started from. */
export type SupervisorTaskOptions = {
  /** The interpreter of the kernel’s environment. */
  readonly python: string;
  /** Key and certificate of the moment, as the task’s `secrets` would be read when it starts. */
  readonly certificate: () => Promise<SandboxCertificate> | SandboxCertificate;
  /** Laid over the settings that RunTask gave. */
  readonly settings?: Readonly<Record<string, unknown>>;
};

/** Addresses of loopback, each given once: the process’s number keeps test files that run at once apart. */
let given = 0;
const nextAddress = (): string => {
  given += 1;
  return `127.${1 + (process.pid % 250)}.${1 + (Math.floor(process.pid / 250) % 250)}.${1 + (given % 250)}`;
};

/**
 * Tasks that are real supervisors, each behind TLS at an address of loopback of its own, at the port that its settings name.
 * Settings and certificate come through the environment, as in a container; folders and programs are those of this machine,
 * and kernels are child processes.
 */
export const startSupervisorTask =
  ({ python, certificate, settings: more }: SupervisorTaskOptions): StartTask =>
  async (input) => {
    const told = JSON.parse(overriddenVariable(input, 'SURVEYOR_SUPERVISOR_SETTINGS') ?? '{}') as {
      readonly listen: { readonly port: number };
      readonly kernel_socket?: string;
    };
    const { kernel_socket: _other, ...settings } = told;
    const address = nextAddress();
    const folder = mkdtempSync(join(tmpdir(), 'surveyor-task-'));
    const work = join(folder, 'sandbox');
    mkdirSync(work, { mode: 0o700 });
    const own = {
      ...settings,
      listen: { host: address, port: settings.listen.port },
      folder: work,
      python,
      kernel: project('runner-task/kernel'),
      database_memory_bytes: 1024 ** 3,
      kernel_memory_bytes: 1024 ** 3,
      isolation_at_least: 'process',
      ...more,
    };
    const main = project('runner-task/supervisor/main.ts');
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', main, '--settings-from=environment'],
      {
        cwd: work,
        detached: true,
        env: {
          TZ: 'UTC',
          SURVEYOR_SUPERVISOR_SETTINGS: JSON.stringify(own),
          SURVEYOR_SUPERVISOR_TLS: JSON.stringify(await certificate()),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2_000);
    });
    const ended = once(child, 'exit').then(([code]): TaskEnd => {
      rmSync(folder, { recursive: true, force: true });
      return {
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
        containers: [{ name: 'supervisor', exitCode: Number(code ?? 137), ...(said === '' ? {} : { reason: said }) }],
      };
    });
    const ready = once(createInterface({ input: child.stdout }), 'line', {
      signal: AbortSignal.timeout(startSeconds * 1000),
    });
    const stopped = await Promise.race([ready.then(() => undefined), ended]);
    if (stopped !== undefined) return { stopped };
    return {
      address,
      pid: child.pid,
      ended,
      async stop() {
        child.kill('SIGTERM');
        await ended;
      },
    };
  };
