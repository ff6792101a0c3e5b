import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { callSupervisor } from '../../../src/adapters/sandbox-client.ts';
import type { IsolationLevel } from '../../../src/contracts/isolation.ts';
import type { SandboxInput, SandboxOperation, SandboxOutput } from '../../../src/contracts/sandbox.ts';

const project = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const mebibyte = 1024 * 1024;

/** What a supervisor holds after a garbage collection. */
export type Holding = {
  readonly held_bytes: number;
  readonly resident_bytes: number;
  readonly descriptors: number;
};

/** A supervisor as it is deployed, which also tells what it holds. */
export type MeasuredSupervisor = {
  readonly folder: string;
  call<O extends SandboxOperation>(operation: O, input: SandboxInput<O>): Promise<SandboxOutput<O>>;
  /** A call of somebody who does not know the token. */
  intrude(): Promise<unknown>;
  measure(): Promise<Holding>;
  end(): Promise<void>;
};

/** Starts one in a folder of its own. */
export const startMeasuredSupervisor = async (
  python: string,
  isolation_at_least: IsolationLevel = 'process',
): Promise<MeasuredSupervisor> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-measured-'));
  chmodSync(folder, 0o755);
  const work = join(folder, 'work');
  mkdirSync(work);
  const child = spawn(
    process.execPath,
    [
      '--expose-gc',
      '--import',
      project('test/runner-task/sandbox/report-memory.ts'),
      project('runner-task/supervisor/main.ts'),
    ],
    { cwd: work, env: { TZ: 'UTC' }, stdio: ['pipe', 'pipe', 'inherit', 'pipe'] },
  );
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('a pipe of the supervisor is missing');
  const exited = once(child, 'exit');
  const reports = createInterface({ input: child.stdio[3] as Readable });
  const token = randomBytes(32).toString('base64url');
  const socket = join(folder, 'socket');
  const settings = {
    token_sha256: createHash('sha256').update(token).digest('hex'),
    listen: { socket },
    folder: work,
    python,
    kernel: project('runner-task/kernel'),
    database_memory_bytes: 512 * mebibyte,
    kernel_memory_bytes: 1024 * mebibyte,
    lease_seconds: 3_600,
    isolation_at_least,
  };
  stdin.write(`${JSON.stringify(settings)}\n`);
  await once(createInterface({ input: stdout }), 'line', { signal: AbortSignal.timeout(30_000) });
  const lease = { address: socket, token, holder: { kind: 'run', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' } as const };
  return {
    folder: work,
    call: (operation, input) => callSupervisor(lease, operation, input),
    intrude: () => callSupervisor({ ...lease, token: 'x'.repeat(43) }, 'ping', {}),
    async measure() {
      // What a connection or a process that has just ended held is let go of a moment later: the least of several.
      const least = { held_bytes: Infinity, resident_bytes: Infinity, descriptors: Infinity };
      for (let look = 0; look < 8; look += 1) {
        const report = once(reports, 'line', { signal: AbortSignal.timeout(30_000) });
        child.kill('SIGUSR2');
        const now = JSON.parse(String((await report)[0])) as Holding;
        least.held_bytes = Math.min(least.held_bytes, now.held_bytes);
        least.resident_bytes = Math.min(least.resident_bytes, now.resident_bytes);
        least.descriptors = Math.min(least.descriptors, now.descriptors);
        await sleep(250);
      }
      return least;
    },
    async end() {
      stdin.end();
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
