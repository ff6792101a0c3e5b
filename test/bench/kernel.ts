import { heldByRun } from '../../src/contracts/sandbox.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processSandbox } from '../../src/adapters/local/process-sandbox.ts';
import { ensurePythonEnvironment } from '../../src/adapters/local/python-environment.ts';
import { takeLease } from '../support/take-lease.ts';

const rounds = 200;
const warmUp = 20;

const medianOf = async (round: () => Promise<unknown>): Promise<number> => {
  const times: number[] = [];
  for (let index = 0; index < warmUp + rounds; index += 1) {
    const started = performance.now();
    await round();
    if (index >= warmUp) times.push(performance.now() - started);
  }
  return times.toSorted((a, b) => a - b)[rounds / 2] ?? Number.NaN;
};

/** What the machine gives for nothing: one line to a bare Python process and back. */
const benchPipe = async (python: string): Promise<number> => {
  const code = 'import sys\nfor line in sys.stdin: print(eval(line), flush=True)';
  const child = spawn(python, ['-I', '-c', code], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const median = await medianOf(async () => {
    const answer = once(lines, 'line');
    child.stdin.write('1 + 1\n');
    await answer;
  });
  child.stdin.end();
  await once(child, 'exit');
  return median;
};

/** The round trip of `execute_python` from the caller's side, beside that of a bare pipe in the same run. */
export const benchKernel = async (): Promise<{ name: string; value: number; unit: string; goal: string }[]> => {
  const python = await ensurePythonEnvironment({
    cacheDir: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'surveyor'),
    requirementsFile: fileURLToPath(new URL('../../runner-task/kernel/requirements.txt', import.meta.url)),
    onProgress: (message) => console.error(message),
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'surveyor-bench-'));
  const sandbox = processSandbox({ dataDir, python, warm: 0 });
  try {
    const lease = await takeLease(sandbox, 'bench', heldByRun('01ARZ3NDEKTSV4RRFFQ69G5FAV'));
    await sandbox.call(lease, 'start_session', { agent: 'cataloging', statement_limit: 0 });
    // The spare process for the next session starts now; its imports would be measured too.
    await wait(6_000);
    const cell = { agent: 'cataloging', code: '1 + 1', seconds: 10 };
    const kernel = await medianOf(() => sandbox.call(lease, 'execute_python', cell));
    const pipe = await benchPipe(python);
    return [
      { name: `execute_python round trip, median of ${rounds}`, value: kernel, unit: 'ms', goal: '≤ 5' },
      { name: 'a bare Python process over a pipe', value: pipe, unit: 'ms', goal: '' },
      { name: 'execute_python ÷ bare pipe', value: kernel / pipe, unit: '×', goal: '' },
    ];
  } finally {
    await sandbox.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
};
