import { heldByRun } from '../../../src/contracts/sandbox.ts';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, mkdirSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processSandbox } from '../../../src/adapters/local/process-sandbox.ts';
import { ensurePythonEnvironment } from '../../../src/adapters/local/python-environment.ts';
import { Failure } from '../../../src/contracts/failure.ts';
import { describeSandboxContract } from '../../contracts/sandbox-contract.ts';
import { takeLease } from '../../support/take-lease.ts';

const project = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const runId = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const limits = { rows: 10, bytes: 100_000, seconds: 60 };

/** The user's own environment, because it is the same for all and takes a minute to make. */
const kernelPython = (): Promise<string> =>
  ensurePythonEnvironment({
    cacheDir: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'surveyor'),
    requirementsFile: project('runner-task/kernel/requirements.txt'),
    onProgress: () => undefined,
  });

describeSandboxContract('a child process', async ({ most }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'surveyor-data-'));
  const sandbox = processSandbox({ dataDir, python: kernelPython, warm: 0, most });
  return {
    sandbox,
    close: async () => {
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
});

describe('sandboxes as child processes', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'surveyor-data-'));
  const sandboxes = join(dataDir, 'sandboxes');
  let python: string;
  beforeAll(async () => {
    python = await kernelPython();
  }, 600_000);
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  /** The processes whose working folder lies in a sandbox: supervisor, DuckDB, kernels, and what those started. */
  const processesBelow = async (folder: string): Promise<readonly string[]> => {
    if (process.platform !== 'linux') {
      const { stdout } = await promisify(execFile)('lsof', ['-a', '-d', 'cwd', '-Fpn']);
      const found = [...stdout.matchAll(/^p(\d+)\nfcwd\nn(.*)$/gm)];
      return found.filter(([, , cwd]) => cwd?.startsWith(folder)).map(([, pid = '']) => pid);
    }
    return readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
      } catch {
        // It has ended, or it is another user's.
        return false;
      }
    });
  };
  const untilNone = async (folder: string): Promise<readonly string[]> => {
    let left = await processesBelow(folder);
    for (let tries = 0; left.length > 0 && tries < 100; tries += 1) {
      await wait(50);
      left = await processesBelow(folder);
    }
    return left;
  };

  it('leaves no process, no folder and no socket after a release, not even in the middle of a cell', async () => {
    const sandbox = processSandbox({ dataDir, python, warm: 0 });
    const lease = await takeLease(sandbox, 'acme', heldByRun(runId));
    await sandbox.call(lease, 'start_session', { agent: 'cataloging', statement_limit: 1 });
    const code = 'open("started", "w").close()\nimport time\ntime.sleep(600)';
    const cell = sandbox.call(lease, 'execute_python', { agent: 'cataloging', code, seconds: 600 });
    const outcome = cell.catch((error: unknown) => error);
    const below = join(sandboxes, lease.lease_id);
    // The workspace may be on a disk that the supervisor alone sees.
    const isStarted = async (): Promise<boolean> =>
      (await processesBelow(below)).some((pid) => existsSync(`/proc/${pid}/root${below}/workspace-1/started`));
    while (!(await isStarted())) await wait(50);
    // The supervisor, DuckDB, the kernel, the spare one, and the watch of each where the system lets it wait for calls.
    expect((await processesBelow(join(sandboxes, lease.lease_id))).length).toBeGreaterThanOrEqual(4);

    await sandbox.release(lease);
    expect(await outcome).toMatchObject({ kind: 'SANDBOX_LOST' });
    expect(await untilNone(join(sandboxes, lease.lease_id))).toEqual([]);
    expect(readdirSync(sandboxes)).toEqual([]);
    expect(existsSync(lease.address)).toBe(false);
    await sandbox.close();
  });

  it('leaves no process when the service is killed, and the next service removes what lies around', async () => {
    const script = `
      import { processSandbox } from ${JSON.stringify(project('src/adapters/local/process-sandbox.ts'))};
      const sandbox = processSandbox({ dataDir: ${JSON.stringify(dataDir)}, python: ${JSON.stringify(python)}, warm: 0 });
      const { lease } = await sandbox.take('acme', { kind: 'run', id: '${runId}' }, 1);
      await sandbox.call(lease, 'start_session', { agent: 'cataloging', statement_limit: 1 });
      const code = 'import signal\\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\\nwhile True: pass';
      sandbox.call(lease, 'execute_python', { agent: 'cataloging', code, seconds: 600 });
      console.log(JSON.stringify(lease));
      setInterval(() => undefined, 1000);`;
    const service = spawn(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      script,
    ]);
    const [line] = (await once(createInterface({ input: service.stdout }), 'line')) as [string];
    const { lease_id, address } = JSON.parse(line) as { lease_id: string; address: string };
    expect((await processesBelow(join(sandboxes, lease_id))).length).toBeGreaterThanOrEqual(4);

    // A service beside it takes it for what it is: alive.
    const beside = processSandbox({ dataDir, python, warm: 0 });
    await beside.release(await takeLease(beside, 'acme', heldByRun(runId)));
    expect(existsSync(address)).toBe(true);
    await beside.close();

    service.kill('SIGKILL');
    await once(service, 'exit');
    expect(await untilNone(join(sandboxes, lease_id))).toEqual([]);

    const next = processSandbox({ dataDir, python, warm: 0 });
    await next.release(await takeLease(next, 'acme', heldByRun(runId)));
    expect(readdirSync(sandboxes)).toEqual([]);
    expect(existsSync(address)).toBe(false);
    await next.close();
  });

  it('keeps sandboxes ready, and makes the environment on first need', async () => {
    let asked = 0;
    const sandbox = processSandbox({
      dataDir,
      python: () => {
        asked += 1;
        return Promise.resolve(python);
      },
      warm: 1,
    });
    const lease = await takeLease(sandbox, 'acme', heldByRun(runId));
    expect(asked).toBe(1);
    await sandbox.release(lease);
    const again = await takeLease(sandbox, 'acme', heldByRun(runId));
    expect(again.lease_id).not.toBe(lease.lease_id);
    await sandbox.close();
    expect(readdirSync(sandboxes)).toEqual([]);
    expect(await untilNone(sandboxes)).toEqual([]);
  });

  it('tells why no sandbox could be had, and lets the next take try again', async () => {
    let find = (): string => {
      throw new Failure('SETTING_INVALID', 'there is no Python');
    };
    const sandbox = processSandbox({ dataDir, python: async () => find(), warm: 1 });
    await expect(takeLease(sandbox, 'acme', heldByRun(runId))).rejects.toMatchObject({ kind: 'SETTING_INVALID' });
    find = () => join(dataDir, 'no-such-python');
    const lease = await takeLease(sandbox, 'acme', heldByRun(runId));
    const input = { agent: 'cataloging', statement_limit: 1 };
    await expect(sandbox.call(lease, 'start_session', input)).rejects.toMatchObject({
      kind: 'SANDBOX_UNAVAILABLE',
      message: expect.stringContaining('no-such-python') as string,
    });
    // Statements need no Python.
    const file = join(dataDir, 'one.csv');
    writeFileSync(file, 'a\n1\n');
    await sandbox.call(lease, 'open', { source: 'files', target: { engine: 'files', path: file } });
    const { table } = await sandbox.call(lease, 'execute_sql', {
      source: 'files',
      sql: 'FROM one',
      limits,
      origin: 'tool',
    });
    expect(table.values).toEqual([[1]]);
    await sandbox.close();
  });

  it('answers SANDBOX_LOST when the supervisor is killed, and the run gets another sandbox', async () => {
    const sandbox = processSandbox({ dataDir, python, warm: 0 });
    const lease = await takeLease(sandbox, 'acme', heldByRun(runId));
    const [supervisor] = (await processesBelow(join(sandboxes, lease.lease_id))).toSorted(
      (a, b) => Number(a) - Number(b),
    );
    process.kill(Number(supervisor), 'SIGKILL');
    expect(await untilNone(join(sandboxes, lease.lease_id))).toEqual([]);
    await expect(sandbox.call(lease, 'ping', {})).rejects.toMatchObject({ kind: 'SANDBOX_LOST' });
    const again = await takeLease(sandbox, 'acme', heldByRun(runId));
    expect(again.lease_id).not.toBe(lease.lease_id);
    await sandbox.close();
    expect(readdirSync(sandboxes)).toEqual([]);
  });

  describe('with little memory', () => {
    const mebibyte = 1024 * 1024;
    const memory = { database_bytes: 256 * mebibyte, kernel_bytes: 700 * mebibyte };

    it('kills a statement that takes more, lets a cell take no more, says so, and goes on', async () => {
      const sandbox = processSandbox({ dataDir, python, warm: 0, memory });
      const lease = await takeLease(sandbox, 'acme', heldByRun(runId));
      const file = join(dataDir, 'two.csv');
      writeFileSync(file, 'a\n2\n');
      await sandbox.call(lease, 'open', { source: 'files', target: { engine: 'files', path: file } });
      const run = (sql: string) => sandbox.call(lease, 'execute_sql', { source: 'files', sql, limits, origin: 'tool' });
      // DuckDB's own limit does not see this allocation.
      await expect(run(`SELECT length(repeat('x', 4000000000))`)).rejects.toMatchObject({
        kind: 'RUNNER_MEMORY',
        message: expect.stringContaining('768 MiB') as string,
      });
      expect((await run('FROM two')).table.values).toEqual([[2]]);

      await sandbox.call(lease, 'start_session', { agent: 'cataloging', statement_limit: 1 });
      const { cell } = await sandbox.call(lease, 'execute_python', {
        agent: 'cataloging',
        code: 'import time\nheld = []\nwhile True: held.append(bytearray(50_000_000)); time.sleep(0.01)',
        seconds: 60,
      });
      expect(cell).toMatchObject({ state_lost: false, error: { name: 'MemoryError' } });
      await sandbox.close();
    });
  });

  it('touches nothing in its folder that is not a sandbox', async () => {
    mkdirSync(join(sandboxes, 'notes'), { recursive: true });
    const sandbox = processSandbox({ dataDir, python, warm: 0 });
    await sandbox.release(await takeLease(sandbox, 'acme', heldByRun(runId)));
    await sandbox.close();
    expect(readdirSync(sandboxes)).toEqual(['notes']);
    rmSync(join(sandboxes, 'notes'), { recursive: true });
  });
});
