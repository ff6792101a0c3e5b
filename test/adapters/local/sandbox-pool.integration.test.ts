import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { processSandbox, type ProcessSandboxOptions } from '../../../src/adapters/local/process-sandbox.ts';
import { ensurePythonEnvironment } from '../../../src/adapters/local/python-environment.ts';
import { heldByRun, type Lease } from '../../../src/contracts/sandbox.ts';
import { isMissing } from '../../support/is-missing.ts';
import { processesBelow } from '../../support/processes-below.ts';
import { takeLease } from '../../support/take-lease.ts';

const requirementsFile = fileURLToPath(new URL('../../../runner-task/kernel/requirements.txt', import.meta.url));

describe.skipIf(isMissing('linux'))('the pool of sandboxes', () => {
  let dataDir: string;
  let python: string;
  let pool: ReturnType<typeof processSandbox>;

  beforeAll(async () => {
    python = await ensurePythonEnvironment({
      cacheDir: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'surveyor'),
      requirementsFile,
      onProgress: () => undefined,
    });
  }, 600_000);
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'surveyor-pool-'));
  });
  afterEach(async () => {
    await pool.close();
    // What hangs on a supervisor that was killed ends by itself, soon after it.
    for (let tries = 0; processesBelow(dataDir).length > 0; tries += 1) {
      if (tries === 100) throw new Error('the pool has left processes behind');
      await wait(50);
    }
    rmSync(dataDir, { recursive: true, force: true });
  });

  const open = (options: Partial<ProcessSandboxOptions> = {}) =>
    (pool = processSandbox({ dataDir, python, warm: 0, most: 1, ...options }));
  const sandboxes = (): readonly string[] => readdirSync(join(dataDir, 'sandboxes'));
  const supervisors = () => processesBelow(dataDir).filter(({ command }) => command.includes('supervisor/main.ts'));
  /** What a promise has come to, if anything. */
  const peek = (promise: Promise<unknown>): Promise<unknown> =>
    Promise.race([promise, new Promise((resolve) => setImmediate(resolve, 'waiting'))]);

  it('has never more than it may, the ready ones included, and hands each to one run alone', async () => {
    open({ most: 2, warm: 1 });
    let most = 0;
    const seen = new Set<string>();
    const runs = Array.from({ length: 6 }, async (_, index) => {
      const lease = await takeLease(pool, `tenant-${index % 2}`, heldByRun(`run-${index}`));
      expect(await pool.call(lease, 'ping', {})).toHaveProperty('leased');
      expect(seen.has(lease.lease_id)).toBe(false);
      seen.add(lease.lease_id);
      most = Math.max(most, sandboxes().length);
      await pool.release(lease);
    });
    await Promise.all(runs);
    expect(seen.size).toBe(6);
    expect(most).toBeLessThanOrEqual(2);
  });

  it('lets a run that is waiting leave, and one that is just getting its sandbox give it back', async () => {
    open();
    const first = takeLease(pool, 'acme', heldByRun('first'));
    const second = takeLease(pool, 'acme', heldByRun('second'));
    const third = takeLease(pool, 'acme', heldByRun('third'));
    const left = second.catch((error: unknown) => error);
    await pool.abandon('acme', heldByRun('second'));
    expect(await left).toMatchObject({ kind: 'RUN_CANCELLED' });
    expect(await peek(third)).toBe('waiting');
    const given = first.catch((error: unknown) => error);
    await pool.abandon('acme', heldByRun('first'));
    expect(await given).toMatchObject({ kind: 'RUN_CANCELLED' });
    const lease = await third;
    expect(sandboxes()).toEqual([lease.lease_id]);
    await pool.abandon('acme', heldByRun('third'));
    expect(sandboxes()).toEqual([]);
    await pool.abandon('acme', heldByRun('never-heard-of'));
  });

  it('joins a run that asks again to the place that it has in the queue', async () => {
    open();
    const held = await takeLease(pool, 'acme', heldByRun('first'));
    const [once, again] = [takeLease(pool, 'acme', heldByRun('second')), takeLease(pool, 'acme', heldByRun('second'))];
    await pool.release(held);
    expect((await once).lease_id).toBe((await again).lease_id);
  });

  it('makes room when a sandbox was killed, although its run still holds the lease', async () => {
    open();
    const lost: Lease = await takeLease(pool, 'acme', heldByRun('first'));
    const next = takeLease(pool, 'acme', heldByRun('second'));
    for (const { pid } of supervisors()) process.kill(pid, 'SIGKILL');
    const lease = await next;
    expect(lease.lease_id).not.toBe(lost.lease_id);
    await expect(pool.call(lost, 'ping', {})).rejects.toMatchObject({ kind: 'SANDBOX_LOST' });
    await pool.release(lost);
    expect(await pool.call(lease, 'ping', {})).toHaveProperty('leased');
  });

  it('takes back a lease that nobody has called with for its time, and none that works so long', async () => {
    open({ leaseSeconds: 1 });
    const forgotten = await takeLease(pool, 'acme', heldByRun('first'));
    const next = takeLease(pool, 'acme', heldByRun('second'));
    await pool.call(forgotten, 'start_session', { agent: 'cataloging', statement_limit: 1 });
    const working = { agent: 'cataloging', code: 'import time; time.sleep(2.5)\n42', seconds: 60 };
    expect((await pool.call(forgotten, 'execute_python', working)).cell.result).toBe('42');
    const lease = await next;
    await expect(pool.call(forgotten, 'ping', {})).rejects.toMatchObject({ kind: 'SANDBOX_LOST' });
    expect(await pool.call(lease, 'ping', {})).toHaveProperty('leased');
  });

  it('says how far a holder is, keeps its place while it asks, and gives it away when it has not asked for long', async () => {
    open({ pollSeconds: 0.1, forgetSeconds: 3 });
    const held = await takeLease(pool, 'acme', heldByRun('first'));
    const forgetful = await pool.take('acme', heldByRun('second'), 1);
    expect(forgetful).toEqual({ state: 'queued', wait_seconds: 1 });
    for (let asked = 0; asked < 8; asked += 1) {
      expect(await pool.take('umbrella', heldByRun('third'), 1)).toMatchObject({ state: 'queued' });
      await wait(500);
    }
    await pool.release(held);
    const next = pool.take('umbrella', heldByRun('third'), 1);
    expect(await next).toEqual({ state: 'starting', wait_seconds: 1 });
    const lease = await takeLease(pool, 'umbrella', heldByRun('third'));
    expect(await pool.take('acme', heldByRun('second'), 1)).toMatchObject({ state: 'queued' });
    // One that is ready is nobody's to take away, however long its holder says nothing.
    await wait(4_000);
    expect(await pool.call(lease, 'ping', {})).toHaveProperty('leased');
  });

  it('ends what was started for a holder that does not come for it', async () => {
    open({ pollSeconds: 0.05, forgetSeconds: 3 });
    expect(await pool.take('acme', heldByRun('first'), 1)).toMatchObject({ state: 'starting' });
    await expect.poll(() => sandboxes().length, { timeout: 20_000 }).toBe(1);
    await expect.poll(() => sandboxes().length, { timeout: 20_000 }).toBe(0);
    expect((await takeLease(pool, 'acme', heldByRun('second'))).holder.id).toBe('second');
  });

  it('leaves no process and no folder of one that was killed', async () => {
    open();
    const lease = await takeLease(pool, 'acme', heldByRun('first'));
    const below = join(dataDir, 'sandboxes', lease.lease_id);
    await expect.poll(() => processesBelow(below).length, { timeout: 20_000 }).toBeGreaterThan(1);
    for (const { pid } of supervisors()) process.kill(pid, 'SIGKILL');
    await pool.release(lease);
    for (let tries = 0; processesBelow(below).length > 0 && tries < 100; tries += 1) await wait(50);
    expect(processesBelow(below)).toEqual([]);
    expect(sandboxes()).toEqual([]);
  });
});
