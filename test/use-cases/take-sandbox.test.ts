import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { heldByRun, type LeaseHolder } from '../../src/contracts/sandbox.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Sandbox, Taken } from '../../src/ports/sandbox.ts';
import { takeSandbox } from '../../src/use-cases/take-sandbox.ts';
import { freshTenant, sampleAct, sampleLease, sampleRun, succeeded } from '../contracts/stores/samples.ts';

const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, with: () => log };

describe('taking the sandbox of a run', () => {
  const tenant = freshTenant();
  const run = sampleRun(tenant);
  const holder = heldByRun(run.run_id);
  const lease = sampleLease(run);
  let folder: string;
  let stores: ReturnType<typeof openSqliteStores>;
  let asked: readonly [tenant: string, holder: LeaseHolder, attempt: number][];
  let abandoned: readonly LeaseHolder[];
  let answer: () => Promise<Taken>;

  const sandbox: Pick<Sandbox, 'take' | 'release' | 'abandon'> = {
    take: (...request) => {
      asked = [...asked, request];
      return answer();
    },
    release: async () => undefined,
    abandon: async (_, who) => void (abandoned = [...abandoned, who]),
  };
  const take = () =>
    takeSandbox(
      { ...stores, sandbox, log, clock: { now: () => new Date('2026-01-31T12:10:00.400Z'), newRunId: () => 'none' } },
      { tenant, run_id: run.run_id, since: '2026-01-31T12:00:00.000Z' },
    );

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-take-'));
    stores = openSqliteStores(join(folder, 'store.sqlite'));
    [asked, abandoned] = [[], []];
    await stores.runs.create(run);
  });
  afterEach(() => {
    stores.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says how far it is, and how long the run has waited, and notes no lease', async () => {
    answer = async () => ({ state: 'queued', wait_seconds: 7 });
    expect(await take()).toEqual({ state: 'queued', wait_seconds: 7, waited_seconds: 600 });
    answer = async () => ({ state: 'starting', wait_seconds: 2 });
    expect(await take()).toEqual({ state: 'starting', wait_seconds: 2, waited_seconds: 600 });
    expect(asked).toEqual(Array.from({ length: 2 }, () => [tenant, holder, run.attempt]));
    expect(await stores.leases.get(tenant, holder)).toBeUndefined();
  });

  it('notes the lease once it is ready', async () => {
    answer = async () => ({ state: 'ready', lease });
    expect(await take()).toEqual({ state: 'ready', wait_seconds: 0, waited_seconds: 600 });
    expect(await stores.leases.get(tenant, holder)).toEqual(lease);
  });

  it('leaves no sandbox to a run that ended meanwhile, whose settling looked too early', async () => {
    answer = async () => {
      await stores.runs.settle(tenant, run.run_id, succeeded);
      return { state: 'ready', lease };
    };
    await expect(take()).rejects.toMatchObject({ kind: 'RUN_CANCELLED' });
    expect(abandoned).toEqual([holder]);
    expect(await stores.leases.get(tenant, holder)).toBeUndefined();
  });

  it('writes no lease over that of a later attempt', async () => {
    answer = async () => {
      await stores.runs.settle(tenant, run.run_id, { ...succeeded, status: 'interrupted' });
      await stores.runs.reopen(tenant, run.run_id, { attempt: run.attempt + 1, act: sampleAct() });
      return { state: 'ready', lease };
    };
    await expect(take()).rejects.toMatchObject({ kind: 'RUN_CANCELLED' });
    expect(abandoned).toEqual([]);
    expect(await stores.leases.get(tenant, holder)).toBeUndefined();
  });
});
