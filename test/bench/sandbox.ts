import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { processSandbox } from '../../src/adapters/local/process-sandbox.ts';
import { heldByRun, type Lease } from '../../src/contracts/sandbox.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';
import { kernelPython } from '../runner-task/jail/jailed-session.ts';
import type { Measurement } from './measurement.ts';
import { takeLease } from '../support/take-lease.ts';

const agent = 'cataloging';
const many = 16;
/** In which a spare kernel has imported its libraries, on an idle machine and a busy one. */
const spareMilliseconds = 6_000;

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

const timesOf = async (rounds: number, round: () => Promise<unknown>, pause = 0): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let index = 0; index < rounds; index += 1) {
    await wait(pause);
    const started = performance.now();
    await round();
    times.push(performance.now() - started);
  }
  return times;
};

const startSession = (sandbox: Sandbox, lease: Lease) =>
  sandbox.call(lease, 'start_session', { agent, statement_limit: 10 });
const execute = (sandbox: Sandbox, lease: Lease, code: string) =>
  sandbox.call(lease, 'execute_python', { agent, code, seconds: 60 });

/** A cell and a reset, beside what the machine gives for the same without a sandbox. */
const benchOne = async (sandbox: Sandbox, python: string): Promise<readonly Measurement[]> => {
  const lease = await takeLease(sandbox, 'bench', heldByRun('01ARZ3NDEKTSV4RRFFQ69G5FAV'));
  await startSession(sandbox, lease);
  await wait(spareMilliseconds);
  await timesOf(20, () => execute(sandbox, lease, '1 + 1'));
  const cell = median(await timesOf(200, () => execute(sandbox, lease, '1 + 1')));
  const reset = async (): Promise<void> => {
    await startSession(sandbox, lease);
    await execute(sandbox, lease, '1 + 1');
  };
  const rested = median(await timesOf(5, reset, spareMilliseconds));
  const atOnce = median(await timesOf(5, reset));
  const run = (code: string) => promisify(execFile)(python, ['-I', '-c', code]);
  const bare = median(await timesOf(20, () => run('1 + 1')));
  const loaded = median(await timesOf(5, () => run('import pandas, ibis, matplotlib.pyplot')));
  await sandbox.release(lease);
  return [
    { name: 'execute_python round trip', value: cell, unit: 'ms', goal: '≤ 5' },
    { name: 'reset and first cell, its spare process ready', value: rested / 1000, unit: 's', goal: '≤ 0.7' },
    { name: 'reset and first cell, one right after the other', value: atOnce / 1000, unit: 's' },
    { name: 'a bare python -I -c process', value: bare / 1000, unit: 's' },
    { name: 'the same that imports pandas, ibis and matplotlib', value: loaded / 1000, unit: 's' },
  ];
};

/** The processes below this one. */
const descendants = (): readonly string[] => {
  const parents = new Map<string, string>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      // The name in parentheses can hold anything.
      const [, parent = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      parents.set(pid, parent);
    } catch {
      // It has ended.
    }
  }
  const isBelow = (pid: string | undefined): boolean =>
    pid !== undefined && (pid === String(process.pid) || isBelow(parents.get(pid)));
  return [...parents.keys()].filter((pid) => pid !== String(process.pid) && isBelow(pid));
};

/** What all of them take of the memory, in MiB; what is shared counts once. */
const memoryBelow = (): number =>
  descendants().reduce((sum, pid) => {
    try {
      return sum + Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      return sum;
    }
  }, 0);

/** So many sandboxes at the same time: from nothing to the end of each one’s first statement and cell. */
const benchMany = async (sandbox: Sandbox, folder: string): Promise<readonly Measurement[]> => {
  const path = join(folder, 'rows.csv');
  writeFileSync(path, 'n\n1\n2\n');
  let peak = 0;
  const watch =
    process.platform === 'linux' ? setInterval(() => (peak = Math.max(peak, memoryBelow())), 1_000) : undefined;
  const started = performance.now();
  const firsts: number[] = [];
  const leases = await Promise.all(
    Array.from({ length: many }, async (_, index) => {
      const lease = await takeLease(
        sandbox,
        `tenant-${index}`,
        heldByRun(`01ARZ3NDEKTSV4RRFFQ69G${String(index).padStart(4, '0')}`),
      );
      await sandbox.call(lease, 'open', { source: 'files', target: { engine: 'files', path } });
      await startSession(sandbox, lease);
      const { cell } = await execute(sandbox, lease, 'int(db.query("SELECT sum(n) AS n FROM rows").n[0])');
      if (cell.result !== '3') throw new Error(`sandbox ${index} answered ${JSON.stringify(cell)}`);
      firsts.push((performance.now() - started) / 1000);
      return lease;
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  await wait(1_100);
  clearInterval(watch);
  await Promise.all(leases.map((lease) => sandbox.release(lease)));
  return [
    { name: `${many} sandboxes at once, to the last one’s first cell with a statement`, value: seconds, unit: 's' },
    { name: 'the same, to the first one’s', value: Math.min(...firsts), unit: 's' },
    ...(peak === 0 ? [] : [{ name: 'the same, their memory at its peak', value: peak, unit: 'MiB' }]),
  ];
};

/** Cells and resets beside bare Python processes, and sixteen sandboxes at the same time. */
export const benchSandbox = async (): Promise<readonly Measurement[]> => {
  const python = await kernelPython();
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-bench-'));
  const sandbox = processSandbox({ dataDir: folder, python, warm: 0, most: many });
  try {
    return [...(await benchOne(sandbox, python)), ...(await benchMany(sandbox, folder))];
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
