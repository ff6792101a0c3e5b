import { heldByRun } from '../../src/contracts/sandbox.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileSecretStore } from '../../src/adapters/local/file-secret-store.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { Run } from '../../src/contracts/run.ts';
import { holdCall } from '../../src/domain/budget/held-calls.ts';
import { executionName } from '../../src/domain/run/execution-name.ts';
import { inlineSecretName } from '../../src/domain/run-keys.ts';
import type { Ports } from '../../src/ports/ports.ts';
import type { Execution } from '../../src/ports/workflow.ts';
import { reconcileRuns } from '../../src/use-cases/reconcile-runs.ts';
import { keepSteps } from '../../src/use-cases/keep-steps.ts';
import { type RunExecutionEnd, settleRun } from '../../src/use-cases/settle-run.ts';
import { at, sampleAct, sampleLease, sampleRun, sampleSession, sampleStep } from '../contracts/stores/samples.ts';

type SettlePorts = Parameters<typeof settleRun>[0] & Parameters<typeof reconcileRuns>[0];

const tenant = 'acme';
const arn = (run: Run): string => `arn:aws:states:local:0:execution:catalog:${executionName(run)}`;

/** The end of a run's execution. */
const ending = (run: Run, changes: Partial<RunExecutionEnd> = {}): RunExecutionEnd => ({
  tenant: run.tenant,
  run_id: run.run_id,
  execution_id: arn(run),
  name: executionName(run),
  status: 'FAILED',
  error: 'SANDBOX_LOST',
  cause: 'The sandbox is gone.',
  ...changes,
});

describe('settling a run', () => {
  let folder: string;
  let stores: ReturnType<typeof openSqliteStores>;
  let secrets: ReturnType<typeof fileSecretStore>;
  let released: string[];
  let calls: string[];
  let stopped: string[];
  let logged: string[];
  let histories: Map<string, Awaited<ReturnType<Ports['workflow']['history']>>>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-settle-'));
    stores = openSqliteStores(join(folder, 'store.sqlite'));
    secrets = fileSecretStore({ dataFile: join(folder, 'secrets.sqlite'), keyFile: join(folder, 'key') });
    released = [];
    calls = [];
    stopped = [];
    logged = [];
    histories = new Map();
  });
  afterEach(() => {
    stores.close();
    secrets.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ports = (changes: Partial<SettlePorts> = {}): SettlePorts => {
    const say = (message: string, fields?: unknown) => void logged.push(`${message} ${JSON.stringify(fields)}`);
    const log: Ports['log'] = { debug: say, info: say, warn: say, error: say, with: () => log };
    return {
      ...stores,
      secrets,
      webhookSecrets: secrets,
      clock: { now: () => new Date(at(50)), newRunId: () => '' },
      log,
      workflow: {
        history: async (id: string) => histories.get(id) ?? [],
        describe: async () => ({ status: 'RUNNING' }) as Execution,
        find: async () => undefined,
        stop: async (id: string, { error }: { error: string }) => void stopped.push(`${error} ${id}`),
      } as unknown as Ports['workflow'],
      sandbox: {
        release: async ({ lease_id }) => void released.push(`release ${lease_id}`),
        abandon: async (_, { id }) => void released.push(`abandon ${id}`),
        sweep: async () => ({ holders: 0, stopped: [] }),
      },
      functions: { call: async (task) => void calls.push(task.function) as never },
      ...changes,
    };
  };

  /** A run with everything that its end has to deal with. */
  const begun = async (changes: Partial<Run> = {}): Promise<Run> => {
    const run = sampleRun(tenant, {
      sources: [
        { name: 'shop', kind: 'inline', label: 'postgresql://db/shop', engine: 'postgres' },
        { name: 'crm', kind: 'inline', label: 'postgresql://db/crm', engine: 'postgres' },
      ],
      ...changes,
    });
    await stores.runs.create(run);
    for (const { name } of run.sources) await secrets.put(tenant, inlineSecretName(run.run_id, name), 'postgresql://…');
    await stores.leases.put(sampleLease(run));
    await stores.sessions.begin(sampleSession(run));
    return run;
  };
  const left = async (run: Run) => ({
    status: (await stores.runs.get(tenant, run.run_id))?.status,
    lease: await stores.leases.get(tenant, heldByRun(run.run_id)),
    session: (await stores.sessions.get(tenant, run.run_id, 'cataloging'))?.status,
  });
  const secretsLeft = async (run: Run): Promise<readonly unknown[]> =>
    (await Promise.all(run.sources.map(({ name }) => secrets.get(tenant, inlineSecretName(run.run_id, name))))).filter(
      (secret) => secret !== undefined,
    );

  it('gives everything back, deletes the credential of each source, and records the outcome once', async () => {
    const run = await begun();
    expect(await settleRun(ports(), ending(run))).toEqual({ settled: true });
    expect(await left(run)).toMatchObject({ status: 'failed', lease: undefined, session: 'failed' });
    expect(await secretsLeft(run)).toEqual([]);
    expect(calls).toEqual(['collect-last-evidence']);
    expect(released).toEqual([`release ${sampleLease(run).lease_id}`, `abandon ${run.run_id}`]);
    expect(await stores.runs.get(tenant, run.run_id)).toMatchObject({
      ended_at: at(50),
      failure: { kind: 'SANDBOX_LOST', message: 'The sandbox is gone.' },
    });
    expect(await settleRun(ports(), ending(run, { status: 'SUCCEEDED' }))).toEqual({ settled: false });
    expect((await left(run)).status).toBe('failed');
  });

  it('loses no call of the model that a function counts while it ends the agent', async () => {
    const run = await begun();
    const tokens = { input_tokens: 0, output_tokens: 4_000, cache_read_tokens: 0, cache_write_tokens: 812 };
    let counts = 0;
    const list: typeof stores.sessions.list = async (...asked) => {
      const found = await stores.sessions.list(...asked);
      // Between reading and writing, as a function on Lambda may that has not heard of the end.
      for (const session of found)
        if (session.status === 'running' && (counts += 1) <= 2)
          await stores.sessions.put(holdCall(session, { call: `${counts}`, turn: counts, tokens, dollars: 0.04 }));
      return found;
    };
    await settleRun({ ...ports(), sessions: { ...stores.sessions, list } }, ending(run));
    const session = await stores.sessions.get(tenant, run.run_id, 'cataloging');
    expect(session).toMatchObject({ status: 'failed', reserved_dollars: 0 });
    expect(session?.held_calls?.map(({ call }) => call)).toEqual(['1', '2']);
    expect(session?.usage.dollars).toBeCloseTo(sampleSession(run).usage.dollars + 0.08, 9);
  });

  it.each([
    ['cancelled', 'ABORTED', 'RUN_CANCELLED'],
    ['interrupted', 'ABORTED', 'RUN_INTERRUPTED'],
    ['timed_out', 'TIMED_OUT', 'States.Timeout'],
    ['budget_exceeded', 'FAILED', 'BUDGET_EXCEEDED'],
    ['failed', 'FAILED', 'STORAGE_FAILED'],
    ['failed', 'FAILED', 'RUNNER_TIMEOUT'],
    ['failed', 'FAILED', 'MODEL_UNAVAILABLE'],
  ] as const)('ends it as %s where the execution is %s with %s', async (status, execution, error) => {
    const run = await begun();
    await settleRun(ports(), ending(run, { status: execution, error, cause: 'so it was' }));
    expect((await stores.runs.get(tenant, run.run_id))?.status).toBe(status);
  });

  it('keeps what the run had finished', async () => {
    const run = await begun();
    const report = { agent: 'cataloging', html_key: 'a.html', json_key: 'a.json' };
    await stores.runs.addReport(tenant, run.run_id, 1, report);
    await settleRun(ports(), ending(run));
    expect((await stores.runs.get(tenant, run.run_id))?.reports).toEqual([report]);
  });

  describe('where a part of it fails', () => {
    const broken = (what: string) => async () => {
      throw new Failure('STORAGE_FAILED', `${what} does not answer`);
    };
    const parts: Readonly<Record<string, () => Partial<SettlePorts>>> = {
      'a function for the last evidence that cannot be called': () => ({ functions: { call: broken('Lambda') } }),
      'a sandbox that cannot be released': () => ({ sandbox: { ...ports().sandbox, release: broken('the pool') } }),
      'an engine that has lost the history': () => ({
        workflow: { ...ports().workflow, history: broken('the engine') },
      }),
      'steps that cannot be kept': () => ({ steps: { ...stores.steps, replace: broken('the run store') } }),
      'agents that cannot be ended': () => ({ sessions: { ...stores.sessions, put: broken('the run store') } }),
    };

    const isLost = (part: string): boolean => part === 'a function for the last evidence that cannot be called';

    it.each(Object.keys(parts))('settles the run all the same and deletes the credentials: %s', async (part) => {
      const run = await begun();
      const failure = await settleRun(ports(parts[part]?.()), ending(run)).then(
        () => undefined,
        (error: unknown) => error,
      );
      // Evidence that cannot be had is lost, and no later call would bring it back: that alone is no failure.
      expect(failure instanceof Failure ? failure.kind : 'none').toBe(isLost(part) ? 'none' : 'STORAGE_FAILED');
      expect((await left(run)).status).toBe('failed');
      expect(await secretsLeft(run)).toEqual([]);
      expect(released.at(-1)).toBe(`abandon ${run.run_id}`);
    });

    it('fails, so that it is called again, and the second call makes good what is missing', async () => {
      const run = await begun();
      const refusing = ports({ secrets: { ...secrets, delete: broken('the secret store') } });
      await expect(settleRun(refusing, ending(run))).rejects.toMatchObject({ kind: 'STORAGE_FAILED' });
      expect((await left(run)).status).toBe('failed');
      expect(await secretsLeft(run)).toHaveLength(2);
      expect(logged.join('\n')).toContain('"part":"credentials deleted"');
      expect(await settleRun(ports(), ending(run))).toEqual({ settled: false });
      expect(await secretsLeft(run)).toEqual([]);
    });

    it('leaves the run running where the run store itself refuses, until that is back', async () => {
      const run = await begun();
      const refusing = ports({ runs: { ...stores.runs, settle: broken('the run store') } });
      await expect(settleRun(refusing, ending(run))).rejects.toMatchObject({ kind: 'STORAGE_FAILED' });
      expect((await left(run)).status).toBe('running');
      await settleRun(ports(), ending(run));
      expect((await left(run)).status).toBe('failed');
    });
  });

  it('takes no notice of an event about an attempt before the one that is under way', async () => {
    const run = await begun();
    const resumed = { ...run, attempt: 2 };
    await settleRun(ports(), ending(run));
    await stores.runs.reopen(tenant, run.run_id, { attempt: 2, act: sampleAct() });
    expect(await settleRun(ports(), ending(run))).toEqual({ settled: false });
    expect((await left(run)).status).toBe('running');
    expect(await settleRun(ports(), ending(resumed, { status: 'SUCCEEDED' }))).toEqual({ settled: true });
  });

  it('stops the loops that still run, where the engine has left them behind', async () => {
    const run = await begun();
    const child = 'arn:aws:states:local:0:execution:agent-loop:1';
    const submitted = { output: JSON.stringify({ ExecutionArn: child }) };
    histories.set(arn(run), [
      { id: 1, previousEventId: 0, timestamp: at(2), type: 'TaskSubmitted', taskSubmittedEventDetails: submitted },
    ]);
    await settleRun(ports(), ending(run, { status: 'TIMED_OUT', error: 'States.Timeout' }));
    expect(stopped).toEqual([`RUN_TIMED_OUT ${child}`]);
    expect((await left(run)).status).toBe('timed_out');
  });

  it('ends also an agent that begins while the others are ended', async () => {
    const run = await begun();
    const late = sampleSession(run, { agent: 'summary' });
    const runs = {
      ...stores.runs,
      settle: async (...args: Parameters<typeof stores.runs.settle>) => {
        expect(await stores.sessions.begin(late)).toBe(true);
        return stores.runs.settle(...args);
      },
    };
    await settleRun(ports({ runs }), ending(run));
    expect(await stores.sessions.begin(late)).toBe(false);
    expect((await stores.sessions.get(tenant, run.run_id, 'summary'))?.status).toBe('failed');
  });

  describe('after the service was killed', () => {
    const entered = {
      id: 2,
      previousEventId: 1,
      timestamp: at(3),
      type: 'TaskStateEntered',
      stateEnteredEventDetails: { name: 'cataloging', input: '{}' },
    };

    it('marks every run as interrupted, and shows the steps that were kept while it ran', async () => {
      const run = await begun();
      await stores.runs.setExecution(tenant, run.run_id, 1, arn(run));
      histories.set(arn(run), [{ id: 1, previousEventId: 0, timestamp: at(2), type: 'ExecutionStarted' }, entered]);
      const input = { tenant, run_id: run.run_id };
      await keepSteps(ports(), { execution_id: arn(run), name: run.run_id, input } as Execution);
      expect(await stores.steps.list(tenant, run.run_id)).toMatchObject([{ name: 'cataloging', status: 'running' }]);

      histories.clear();
      expect(await reconcileRuns(ports(), { grace_seconds: 0, chains: [] })).toMatchObject({ settled: 1 });
      expect(await left(run)).toMatchObject({ status: 'interrupted', lease: undefined, session: 'failed' });
      expect(await secretsLeft(run)).toEqual([]);
      expect(await stores.steps.list(tenant, run.run_id)).toMatchObject([
        { name: 'cataloging', status: 'failed', ended_at: at(50), failure: { kind: 'RUN_INTERRUPTED' } },
      ]);
      expect(await reconcileRuns(ports(), { grace_seconds: 0, chains: [] })).toMatchObject({ settled: 0 });
    });

    it('lets no run keep another from being settled', async () => {
      const [first, second] = [await begun(), await begun()];
      let calls = 0;
      const flaky = ports({
        runs: {
          ...stores.runs,
          settle: async (...args) => {
            calls += 1;
            if (calls === 1) throw new Failure('STORAGE_FAILED', 'The disk is full.');
            return stores.runs.settle(...args);
          },
        },
      });
      expect(await reconcileRuns(flaky, { grace_seconds: 0, chains: [] })).toMatchObject({ settled: 1 });
      const statuses = [(await left(first)).status, (await left(second)).status];
      expect(new Set(statuses)).toEqual(new Set(['interrupted', 'running']));
    });

    it('keeps no steps of an execution that has ended, or of an attempt before', async () => {
      const run = await begun();
      const kept = [sampleStep(1)];
      await stores.steps.replace(tenant, run.run_id, kept);
      histories.set(arn(run), [entered]);
      const execution = {
        execution_id: arn(run),
        name: run.run_id,
        input: { tenant, run_id: run.run_id },
      } as Execution;
      const over = { ...ports().workflow, describe: async () => ({ status: 'SUCCEEDED' }) as Execution };
      await keepSteps(ports({ workflow: over }), execution);
      await keepSteps(ports(), { ...execution, name: `${run.run_id}-7` });
      expect(await stores.steps.list(tenant, run.run_id)).toEqual(kept);
    });
  });
});
