import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileSecretStore, fileSecretStore } from '../../src/adapters/local/file-secret-store.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import type { Run } from '../../src/contracts/run.ts';
import { executionName } from '../../src/domain/run/execution-name.ts';
import { inlineSecretName } from '../../src/domain/run-keys.ts';
import type { Execution } from '../../src/ports/workflow.ts';
import { reconcileRuns } from '../../src/use-cases/reconcile-runs.ts';
import { at, sampleAct, sampleRun } from '../contracts/stores/samples.ts';

const tenant = 'acme';
const minutes = (count: number): string => new Date(Date.parse(at(0)) + count * 60_000).toISOString();

describe('reconciling runs, 20 minutes after they were created and with five of grace', () => {
  let folder: string;
  let stores: ReturnType<typeof openSqliteStores>;
  let secrets: FileSecretStore;
  const executions = new Map<string, Partial<Execution>>();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-reconcile-'));
    stores = openSqliteStores(join(folder, 'store.sqlite'));
    secrets = fileSecretStore({ dataFile: join(folder, 'secrets.sqlite'), keyFile: join(folder, 'key') });
    executions.clear();
  });
  afterEach(() => {
    stores.close();
    secrets.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const reconcile = () => {
    const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, with: () => log };
    return reconcileRuns(
      {
        ...stores,
        secrets,
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
        },
      },
      { grace_seconds: 300 },
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
    expect(await reconcile()).toEqual({ settled: 2, secrets: 0 });
    expect(await stores.runs.get(tenant, failed.run_id)).toMatchObject({
      status: 'failed',
      failure: { kind: 'DATABASE_LOST', message: 'It went away.' },
    });
    expect(await statusOf(done)).toBe('succeeded');
    expect(await reconcile()).toEqual({ settled: 0, secrets: 0 });
  });

  it('settles a run that never began, so that it can be resumed', async () => {
    const run = await begun(undefined);
    expect(await reconcile()).toMatchObject({ settled: 1 });
    expect(await stores.runs.get(tenant, run.run_id)).toMatchObject({
      status: 'interrupted',
      failure: { kind: 'RUN_INTERRUPTED' },
    });
  });

  it('leaves alone what goes on, what has just ended, and what is just being started or resumed', async () => {
    const runs = [
      await begun({ status: 'RUNNING' }),
      await begun({ status: 'FAILED', ended_at: minutes(16) }),
      await begun(undefined, { created_at: minutes(16) }),
      await begun(undefined, { attempt: 2, acts: [sampleAct({ at: minutes(1) }), sampleAct({ at: minutes(16) })] }),
    ];
    expect(await reconcile()).toEqual({ settled: 0, secrets: 0 });
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
});
