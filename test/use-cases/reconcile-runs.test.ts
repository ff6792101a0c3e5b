import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileSecretStore, fileSecretStore } from '../../src/adapters/local/file-secret-store.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { Chain } from '../../src/contracts/chain.ts';
import { measuredLines } from '../../src/contracts/measured-lines.ts';
import type { Run } from '../../src/contracts/run.ts';
import { heldByRun, type LeaseHolder } from '../../src/contracts/sandbox.ts';
import { executionName } from '../../src/domain/run/execution-name.ts';
import { inlineSecretName } from '../../src/domain/run-keys.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Execution } from '../../src/ports/workflow.ts';
import { reconcileRuns } from '../../src/use-cases/reconcile-runs.ts';
import catalog from '../../state-machines/catalog.chain.json' with { type: 'json' };
import { at, sampleAct, sampleRun } from '../contracts/stores/samples.ts';

const tenant = 'acme';
const minutes = (count: number): string => new Date(Date.parse(at(0)) + count * 60_000).toISOString();

describe('reconciling runs, 20 minutes after they were created and with five of grace', () => {
  let folder: string;
  let stores: ReturnType<typeof openSqliteStores>;
  let secrets: FileSecretStore;
  const executions = new Map<string, Partial<Execution>>();
  const warnings: Readonly<Record<string, unknown>>[] = [];
  /** Who is recorded as having a sandbox. */
  const holders: LeaseHolder[] = [];
  const sandboxOf = ({ id }: LeaseHolder) => ({ sandbox: `task of ${id}`, started_by: id, reason: 'none' });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-reconcile-'));
    stores = openSqliteStores(join(folder, 'store.sqlite'));
    secrets = fileSecretStore({ dataFile: join(folder, 'secrets.sqlite'), keyFile: join(folder, 'key') });
    executions.clear();
    warnings.splice(0);
    holders.splice(0);
  });
  afterEach(() => {
    stores.close();
    secrets.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const reconcile = () => {
    const log: Log = {
      debug: () => {},
      info: () => {},
      warn: (message, fields = {}) => void warnings.push({ message, ...fields }),
      error: () => {},
      with: () => log,
    };
    return reconcileRuns(
      {
        ...stores,
        secrets,
        webhookSecrets: secrets,
        log,
        clock: { now: () => new Date(minutes(20)), newRunId: () => '' },
        workflow: {
          find: async (machine, name) => executions.get(`${machine}:${name}`) as Execution | undefined,
          describe: async () => undefined,
          history: async () => [],
          stop: async () => undefined,
        },
        functions: { call: async () => ({}) as never },
        sandbox: {
          release: async () => undefined,
          abandon: async () => undefined,
          sweep: async (lives) => {
            const found = await Promise.all(
              holders.map(async (holder) => ((await lives(tenant, holder)) ? [] : [sandboxOf(holder)])),
            );
            return { holders: 0, stopped: found.flat() };
          },
        },
      },
      { grace_seconds: 300, chains: [Chain.parse(catalog)] },
    );
  };
  const begun = async (execution: Partial<Execution> | undefined, changes: Partial<Run> = {}): Promise<Run> => {
    const run = sampleRun(tenant, changes);
    await stores.runs.create(run);
    if (execution !== undefined)
      executions.set(`catalog:${executionName(run)}`, { execution_id: `:${executionName(run)}`, ...execution });
    return run;
  };
  const statusOf = async (run: Run) => (await stores.runs.get(tenant, run.run_id))?.status;

  it('settles a run whose execution has ended, as that says, though the run never noted it', async () => {
    const failure = { error: 'DATABASE_LOST', cause: 'It went away.' };
    const failed = await begun({ status: 'FAILED', ended_at: minutes(10), ...failure });
    const done = await begun({ status: 'SUCCEEDED', ended_at: minutes(10) });
    expect(await reconcile()).toEqual({ settled: 2, secrets: 0, sandboxes: 0 });
    expect(await stores.runs.get(tenant, failed.run_id)).toMatchObject({
      status: 'failed',
      failure: { kind: 'DATABASE_LOST', message: 'It went away.' },
    });
    expect(await statusOf(done)).toBe('succeeded');
    expect(await reconcile()).toEqual({ settled: 0, secrets: 0, sandboxes: 0 });
  });

  it('settles a run that never began, so that it can be resumed', async () => {
    const run = await begun(undefined);
    expect(await reconcile()).toMatchObject({ settled: 1 });
    expect(await stores.runs.get(tenant, run.run_id)).toMatchObject({
      status: 'interrupted',
      failure: { kind: 'RUN_INTERRUPTED' },
    });
  });

  it('finds the execution that somebody started in the console by the name that it has there', async () => {
    const trigger = { kind: 'console', id: 'by-hand' } as const;
    const run = await begun({ status: 'SUCCEEDED', ended_at: minutes(10) }, { trigger });
    expect(executions.has('catalog:by-hand')).toBe(true);
    expect(await reconcile()).toMatchObject({ settled: 1 });
    expect(await statusOf(run)).toBe('succeeded');
  });

  it('leaves alone what goes on, what has just ended, and what is just being started or resumed', async () => {
    const runs = [
      await begun({ status: 'RUNNING' }),
      await begun({ status: 'FAILED', ended_at: minutes(16) }),
      await begun(undefined, { created_at: minutes(16) }),
      await begun(undefined, { attempt: 2, acts: [sampleAct({ at: minutes(1) }), sampleAct({ at: minutes(16) })] }),
    ];
    expect(await reconcile()).toEqual({ settled: 0, secrets: 0, sandboxes: 0 });
    expect(await Promise.all(runs.map(statusOf))).toEqual(runs.map(() => 'running'));
  });

  it('looks at the execution of the present attempt, not at one before', async () => {
    const run = await begun({ status: 'RUNNING' }, { attempt: 2, acts: [sampleAct({ at: minutes(1) })] });
    executions.set(`catalog:${run.run_id}`, { execution_id: `:${run.run_id}`, status: 'FAILED', ended_at: minutes(1) });
    expect(await reconcile()).toMatchObject({ settled: 0 });
    expect(await statusOf(run)).toBe('running');
  });

  it('deletes the connection string that a run has left, and none that is needed', async () => {
    const inline = { name: 'main', kind: 'inline', label: 'postgresql://db/shop', engine: 'postgres' } as const;
    const gone = await begun({ status: 'FAILED', ended_at: minutes(10) }, { sources: [inline] });
    const going = await begun({ status: 'RUNNING' }, { sources: [inline] });
    for (const { run_id } of [gone, going]) await secrets.put(tenant, inlineSecretName(run_id, 'main'), 'x');
    await reconcile();
    expect((await secrets.list()).map(({ name }) => name)).toEqual([inlineSecretName(going.run_id, 'main')]);
  });

  it('ends sandboxes of runs that ended a while ago or are no more, and tells of each', async () => {
    const going = await begun({ status: 'RUNNING' });
    const [justEnded, ended] = [sampleRun(tenant), sampleRun(tenant)];
    for (const [run, ended_at] of [
      [justEnded, minutes(16)],
      [ended, minutes(10)],
    ] as const) {
      await stores.runs.create(run);
      await stores.runs.settle(tenant, run.run_id, { attempt: 1, status: 'succeeded', ended_at });
    }
    holders.push(...[going, justEnded, ended].map(({ run_id }) => heldByRun(run_id)), heldByRun('never-heard-of'));
    holders.push({ kind: 'conversation', id: 'c1' });
    expect(await reconcile()).toEqual({ settled: 0, secrets: 0, sandboxes: 2 });
    expect(warnings).toEqual(
      [ended.run_id, 'never-heard-of'].map((id) => ({
        message: measuredLines.taskWithoutRun,
        ...sandboxOf(heldByRun(id)),
      })),
    );
  });

  it('tells of a run that goes on after the longest time of its chain, of its present attempt', async () => {
    const longAgo = minutes(20 - 190 - 1);
    const overdue = await begun({ status: 'RUNNING' }, { created_at: longAgo });
    await begun({ status: 'RUNNING' }, { created_at: minutes(20 - 190 + 1) });
    await begun({ status: 'RUNNING' }, { created_at: longAgo, attempt: 2, acts: [sampleAct({ at: minutes(1) })] });
    await begun({ status: 'TIMED_OUT', ended_at: minutes(1) }, { created_at: longAgo });
    await reconcile();
    expect(warnings.filter(({ message }) => message === measuredLines.runOverdue)).toEqual([
      expect.objectContaining({ tenant, run_id: overdue.run_id, longest_seconds: 10_800 }),
    ]);
  });
});
