import { heldByRun } from '../../src/contracts/sandbox.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AslWorkflow, aslWorkflow } from '../../src/adapters/local/asl-workflow.ts';
import { fileSecretStore } from '../../src/adapters/local/file-secret-store.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import type { Run } from '../../src/contracts/run.ts';
import { inlineSecretName } from '../../src/domain/run-keys.ts';
import type { PortsOf } from '../../src/ports/port-access.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { cancelRun } from '../../src/use-cases/cancel-run.ts';
import { resumeRun } from '../../src/use-cases/resume-run.ts';
import { readStatusChange } from '../../src/use-cases/read-status-change.ts';
import { settleRun } from '../../src/use-cases/settle-run.ts';
import {
  at,
  freshTenant,
  sampleLease,
  sampleRun,
  sampleSession,
  sampleActor,
  sampleCaller,
} from '../contracts/stores/samples.ts';

const machine = {
  QueryLanguage: 'JSONata',
  StartAt: 'Work',
  States: {
    Work: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'work', Payload: '{% $states.input %}' },
      End: true,
    },
  },
};

describe('cancelling and resuming, with the embedded engine', () => {
  const tenant = freshTenant();
  let folder: string;
  let stores: ReturnType<typeof openSqliteStores>;
  let secrets: ReturnType<typeof fileSecretStore>;
  let workflow: AslWorkflow;
  let ports: PortsOf<'settle-run'> & PortsOf<'cancel-run'> & PortsOf<'resume-run'>;
  /** What the function of the machine does, and the reasons for which it was told to give up. */
  let work: () => Promise<unknown>;
  let told: unknown[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-cancel-'));
    stores = openSqliteStores(join(folder, 'store.sqlite'));
    secrets = fileSecretStore({ dataFile: join(folder, 'secrets.sqlite'), keyFile: join(folder, 'key') });
    told = [];
    work = () => new Promise(() => undefined);
    workflow = aslWorkflow({
      invoke: (_name, _payload, signal) => {
        signal.addEventListener('abort', () => told.push((signal.reason as Error).name), { once: true });
        return work();
      },
      onStatusChange: async (event) => {
        const ended = readStatusChange(event);
        if (ended !== undefined) await settleRun(ports, ended);
      },
    });
    await workflow.deploy('catalog', machine);
    const log: Ports['log'] = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };
    ports = {
      ...stores,
      secrets,
      workflow,
      log,
      functions: { call: async () => ({ collected: false }) as never },
      clock: { now: () => new Date(at(50)), newRunId: () => '' },
      sandbox: {
        release: async () => undefined,
        abandon: async () => undefined,
      },
    };
  });
  afterEach(async () => {
    await workflow.close('The test is over.');
    stores.close();
    secrets.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const begin = async (run: Run): Promise<void> => {
    await stores.runs.create(run);
    const { tenant: owner, run_id } = run;
    const { execution_id } = await workflow.start({
      machine: 'catalog',
      name: run_id,
      input: { tenant: owner, run_id },
    });
    await stores.runs.setExecution(owner, run_id, 1, execution_id);
  };
  const runOf = async (run: Run) => (await stores.runs.get(tenant, run.run_id)) ?? expect.fail('the run is gone');

  it('cancels a run, tells the function under way to give up, and says so once more when asked again', async () => {
    const run = sampleRun(tenant);
    await begin(run);
    await expect.poll(async () => (await workflow.history((await runOf(run)).execution_id ?? '')).length).toBe(4);
    const answer = { run_id: run.run_id, status_url: `/runs/${run.run_id}` };
    expect(
      await Promise.all([
        cancelRun(ports, sampleCaller(tenant), run.run_id),
        cancelRun(ports, sampleCaller(tenant), run.run_id),
      ]),
    ).toEqual([answer, answer]);
    // Each who asked is noted.
    expect((await runOf(run)).acts).toMatchObject([
      { act: 'cancel', actor: sampleActor },
      { act: 'cancel', actor: sampleActor },
    ]);
    await workflow.idle();
    expect(told).toEqual(['RUN_CANCELLED']);
    expect(await runOf(run)).toMatchObject({ status: 'cancelled', failure: { kind: 'RUN_CANCELLED' } });
  });

  it('cancels a run whose execution is not recorded yet, and one that has none yet: then none can be started any more', async () => {
    const started = sampleRun(tenant);
    await stores.runs.create(started);
    const input = { tenant, run_id: started.run_id };
    await workflow.start({ machine: 'catalog', name: started.run_id, input });
    const unstarted = sampleRun(tenant);
    await stores.runs.create(unstarted);
    for (const run of [started, unstarted]) await cancelRun(ports, sampleCaller(tenant), run.run_id);
    await workflow.idle();
    for (const run of [started, unstarted]) {
      expect((await runOf(run)).status).toBe('cancelled');
      const again = { machine: 'catalog', name: run.run_id, input: { tenant, run_id: run.run_id } };
      await expect(workflow.start(again)).rejects.toMatchObject({ kind: 'CONFLICT' });
    }
  });

  it('fails with CONFLICT on a run that has ended, saying how, and with NOT_FOUND on another tenant’s', async () => {
    work = async () => 'done';
    const run = sampleRun(tenant);
    await begin(run);
    await workflow.idle();
    await expect(cancelRun(ports, sampleCaller(tenant), run.run_id)).rejects.toMatchObject({
      kind: 'CONFLICT',
      message: expect.stringContaining('as succeeded'),
    });
    await expect(cancelRun(ports, sampleCaller('other'), run.run_id)).rejects.toMatchObject({ kind: 'NOT_FOUND' });
  });

  describe('resuming', () => {
    const inline = { name: 'main', kind: 'inline', label: 'duckdb:///data/shop.duckdb', engine: 'duckdb' } as const;
    const connection = 'duckdb:///data/shop.duckdb';
    const failed = async (
      changes: Partial<Run> = {},
      meanwhile: (run: Run) => Promise<void> = async () => undefined,
    ): Promise<Run> => {
      const run = sampleRun(tenant, changes);
      work = async () => {
        await meanwhile(run);
        throw new Error('no luck');
      };
      await begin(run);
      await workflow.idle();
      work = async () => 'done';
      return run;
    };

    it('goes on in a new execution of the same run, with its agents open again and its stale lease gone', async () => {
      const run = await failed({ budget: { turns: 5, dollars: 1 } }, async (open) => {
        const lost = { ended_at: at(20), failure: { kind: 'SANDBOX_LOST', message: 'gone' } };
        await stores.sessions.begin(sampleSession(open, { status: 'failed', ...lost }));
        await stores.sessions.begin(sampleSession(open, { agent: 'summary', status: 'succeeded' }));
      });
      await stores.leases.put(sampleLease(run));
      let release: (value: unknown) => void = () => undefined;
      work = () => new Promise((resolve) => (release = resolve));

      await resumeRun(ports, sampleCaller(tenant), run.run_id, { budget: { turns: 50 } });
      const open = await runOf(run);
      expect(open).toMatchObject({ status: 'running', attempt: 2, budget: { turns: 50, dollars: 1 } });
      expect(open).not.toHaveProperty('failure');
      expect(open.acts).toMatchObject([{ act: 'resume', actor: sampleActor }]);
      expect(open.execution_id).toMatch(new RegExp(`:${run.run_id}-2$`));
      expect(await stores.leases.get(tenant, heldByRun(run.run_id))).toBeUndefined();
      expect(await stores.sessions.list(tenant, run.run_id)).toMatchObject([
        { agent: 'cataloging', status: 'running', budget: { turns: 50 }, paused_seconds: 30 },
        { agent: 'summary', status: 'succeeded' },
      ]);
      await expect.poll(() => workflow.history(open.execution_id ?? '')).toHaveLength(4);
      release('done');
      await workflow.idle();
      expect((await runOf(run)).status).toBe('succeeded');
    });

    it('fails with CONFLICT on a run that is under way or has succeeded; of several who ask at once one is heard', async () => {
      const run = await failed();
      const asked = await Promise.allSettled(
        [1, 2, 3].map(() => resumeRun(ports, sampleCaller(tenant), run.run_id, {})),
      );
      expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const refusals = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      expect(refusals).toMatchObject([{ kind: 'CONFLICT', where: 'path.id' }, { kind: 'CONFLICT' }]);
      await workflow.idle();
      await expect(resumeRun(ports, sampleCaller(tenant), run.run_id, {})).rejects.toMatchObject({
        kind: 'CONFLICT',
        message: expect.stringContaining('succeeded'),
      });
    });

    it('keeps the connection string of an inline database for the time of the attempt', async () => {
      const run = await failed({ sources: [inline] });
      const name = inlineSecretName(run.run_id, 'main');
      let seen: string | undefined;
      work = async () => (seen = await secrets.get(tenant, name));
      await resumeRun(ports, sampleCaller(tenant), run.run_id, { db_conn_string: connection });
      await workflow.idle();
      expect(seen).toBe(connection);
      expect(await secrets.get(tenant, name)).toBeUndefined();
    });

    it.each([
      ['is missing', [inline], undefined, 'was deleted'],
      ['is for another database', [inline], 'duckdb:///data/other.duckdb', 'duckdb:///data/other.duckdb'],
      ['is one of several', [inline, { ...inline, name: 'second' }], connection, 'named connections'],
      ['is not needed', undefined, connection, 'needs none'],
    ] as const)('fails with INVALID_REQUEST where the connection string %s, and changes nothing', async (...row) => {
      const [, sources, db_conn_string, said] = row;
      const run = await failed(sources === undefined ? {} : { sources });
      const before = await runOf(run);
      const asked = resumeRun(
        ports,
        sampleCaller(tenant),
        run.run_id,
        db_conn_string === undefined ? {} : { db_conn_string },
      );
      await expect(asked).rejects.toMatchObject({
        kind: 'INVALID_REQUEST',
        message: expect.stringContaining(said),
      });
      expect(await runOf(run)).toEqual(before);
      expect(await secrets.get(tenant, inlineSecretName(run.run_id, 'main'))).toBeUndefined();
    });

    it('ends the run again where its execution cannot be started, and forgets the credential', async () => {
      const run = await failed({ sources: [inline] });
      await workflow.remove('catalog');
      const asked = resumeRun(ports, sampleCaller(tenant), run.run_id, { db_conn_string: connection });
      await expect(asked).rejects.toMatchObject({ kind: 'NOT_FOUND' });
      expect(await runOf(run)).toMatchObject({ status: 'failed', attempt: 2, failure: { kind: 'NOT_FOUND' } });
      expect(await secrets.get(tenant, inlineSecretName(run.run_id, 'main'))).toBeUndefined();
    });
  });
});
