import { objectPorts } from '../../src/adapters/object-ports.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeTime } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { taskHandlers } from '../../bin/local/handlers.ts';
import { noCertificates } from '../../src/adapters/local/no-certificates.ts';
import { type AslWorkflow, aslWorkflow } from '../../src/adapters/local/asl-workflow.ts';
import { realSleep } from '../../src/adapters/local/asl/time.ts';
import { fileObjectStore } from '../../src/adapters/local/file-object-store.ts';
import { fileSecretStore } from '../../src/adapters/local/file-secret-store.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { Chain } from '../../src/contracts/chain.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { reportOfCause } from '../../src/contracts/failure-cause.ts';
import type { Run } from '../../src/contracts/run.ts';
import type { DatabaseSchema } from '../../src/contracts/schema.ts';
import { partMachines } from '../../src/domain/chain/part-machines.ts';
import { localFunctionCalls } from '../../src/adapters/local/local-function-calls.ts';
import { compileChain } from '../../src/domain/chain/compile-chain.ts';
import { runKeys } from '../../src/domain/run-keys.ts';
import type { ModelReply, ModelRequest } from '../../src/ports/model.ts';
import type { TaskName } from '../../src/contracts/tasks.ts';
import type { ObjectStore } from '../../src/ports/object-store.ts';
import type { Ports } from '../../src/ports/ports.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';
import { cancelRun } from '../../src/use-cases/cancel-run.ts';
import { reconcileRuns } from '../../src/use-cases/reconcile-runs.ts';
import { resumeRun } from '../../src/use-cases/resume-run.ts';
import { startRun } from '../../src/use-cases/start-run.ts';
import catalog from '../../state-machines/catalog.chain.json' with { type: 'json' };
import { plainPrompt } from '../support/agent-loop.ts';
import { sampleCaller, sampleRun } from '../contracts/stores/samples.ts';
import { type InProcessSandbox, inProcessSandbox } from '../support/in-process-sandbox.ts';
import { usesOfCatalog, type WatchedSandbox, watchSandbox } from '../support/sandbox-uses.ts';

/** Everything takes a 300th of its time: the 900 s of a state are three, and its retries come within the blink of an eye. */
const pace = 300;

const schema: DatabaseSchema = {
  engine: 'duckdb',
  engine_version: 'v1.5',
  tables: [
    {
      name: 'orders',
      kind: 'table',
      columns: [{ name: 'id', type: 'BIGINT', nullable: false }],
      constraints: [],
      estimated_rows: 100,
    },
  ],
  not_visible: [],
};

const usage = { input_tokens: 10, output_tokens: 10, cache_read_tokens: 0, cache_write_tokens: 0 };
const answerOf = (id: string, name: string, input: unknown): ModelReply => ({
  content: [{ type: 'tool_use', id, name, input }],
  stop_reason: 'tool_use',
  usage,
});
const submit = answerOf('end', 'submit_html', { content: '<h2>Orders</h2><p>100 rows.</p>' });
const query = answerOf('one', 'execute_sql', { source: 'main', sql: 'SELECT 4711 AS mark' });
const turnOf = ({ messages }: ModelRequest): number => messages.filter(({ role }) => role === 'assistant').length + 1;

describe('a whole run in the embedded engine', () => {
  const tenant = 'acme';
  let folder: string;
  let stores: ReturnType<typeof openSqliteStores>;
  let secrets: ReturnType<typeof fileSecretStore>;
  let workflow: AslWorkflow;
  let sandbox: InProcessSandbox;
  let released: number;
  let watched: WatchedSandbox;
  let model: (request: ModelRequest) => Promise<ModelReply>;
  /** Called before each write of an object or a run; may refuse it. */
  let onPut: (key: string) => void;
  let onSettle: () => void;
  /** Whether a function is told that its state is over, as no function on Lambda is. */
  let isTold: boolean;
  /** What each function came to, those included that nobody waits for any more. */
  let works: Promise<unknown>[];
  let files: ObjectStore;
  let ports: Ports;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-outcome-'));
    stores = openSqliteStores(join(folder, 'store.sqlite'));
    secrets = fileSecretStore({ dataFile: join(folder, 'secrets.sqlite'), keyFile: join(folder, 'key') });
    sandbox = await inProcessSandbox(['create table orders as select i as id from range(100) t(i)']);
    released = 0;
    isTold = true;
    works = [];
    model = async (request) => (turnOf(request) === 1 ? query : submit);
    onPut = onSettle = () => undefined;
    files = fileObjectStore(join(folder, 'objects'));
    const call = (async (lease, operation, input) =>
      operation === 'open' ? { ...schema, not_asked: [] } : sandbox.call(lease, operation, input)) as Sandbox['call'];
    workflow = aslWorkflow({
      invoke: async (name, payload, signal) => {
        const work = tasks[name as TaskName](payload, isTold ? { signal } : {});
        works.push(work);
        return work;
      },
      onStatusChange: async (event) => tasks['settle-run'](event),
      sleep: (milliseconds, signal) => realSleep(milliseconds / pace, signal),
    });
    watched = watchSandbox({ ...sandbox, call, release: async () => void (released += 1) });
    const log: Ports['log'] = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };
    ports = {
      ...stores,
      runs: {
        ...stores.runs,
        settle: async (...args) => {
          onSettle();
          return stores.runs.settle(...args);
        },
      },
      ...objectPorts({
        ...files,
        put: async (owner, key, ...rest) => {
          onPut(key);
          await files.put(owner, key, ...rest);
        },
      }),
      secrets,
      webhookSecrets: secrets,
      bus: { put: async () => undefined },
      runChanges: { of: () => [] },
      workflow,
      scheduler: { announce: async () => {}, put: async () => {}, remove: async () => {} },
      webhookSender: { refusal: () => undefined, post: async () => ({ outcome: 'accepted', status: 200 }) },
      log,
      certificates: noCertificates,
      sandbox: watched.sandbox,
      model: { kind: 'model', reply: (request) => model(request) },
      prompts: {
        inForce: async (agent) => ({ prompt: { ...plainPrompt, id: agent }, hash: 'a'.repeat(64) }),
        find: async (agent) => ({ prompt: { ...plainPrompt, id: agent }, hash: 'a'.repeat(64) }),
      },
      datasets: { target: async () => ({ engine: 'files', path: '/none' }) },
      sourceObjects: { list: async () => ({ objects: [], left_out: [] }) },
      clock: systemClock(),
      functions: localFunctionCalls((name, input) => tasks[name](input)),
      console: { of: () => undefined },
      logs: { query: async () => ({ items: [] }) },
      api: { requests_per_minute: 0, origins: [] },
      platform: 'local',
    };
    const tasks = taskHandlers(ports);
    for (const [name, compile] of Object.entries(partMachines)) await workflow.deploy(name, compile());
    await workflow.deploy('catalog', compileChain(Chain.parse(catalog)));
  });
  afterEach(async () => {
    await workflow.close('The test is over.');
    stores.close();
    secrets.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const begin = async (): Promise<string> => {
    const { run_id } = await startRun(ports, sampleCaller(tenant), {
      trigger: { kind: 'api' },
      run_id: ports.clock.newRunId(),
      chain: { name: 'catalog', version: 1 },
      sources: [{ name: 'main', kind: 'dataset', label: 'shop', engine: 'files' }],
      s3_prefix: 'reports/shop',
      connectionStrings: new Map(),
    });
    return run_id;
  };
  const ended = async (runId: string): Promise<Run> => {
    await workflow.idle();
    return (await stores.runs.get(tenant, runId)) ?? expect.fail('the run is gone');
  };
  const profileOf = (runId: string) => ports.documents.get(tenant, runKeys(runId).profile);
  const refuse = (): never => {
    throw new Failure('STORAGE_FAILED', 'The disk is full: free some space, then try again.');
  };
  const measured = (): number =>
    sandbox.calls.filter(({ input }) => (input as { origin?: string }).origin === 'profile').length;

  it('succeeds when nothing is wrong', async () => {
    const run = await ended(await begin());
    expect(run).toMatchObject({ status: 'succeeded', reports: [{ agent: 'cataloging' }, { agent: 'summary' }] });
    expect(released).toBe(1);
  });

  it('takes one sandbox for all its work, with a fresh kernel for each agent, and gives it back once', async () => {
    await ended(await begin());
    expect(watched.uses).toEqual(usesOfCatalog);
  });

  it('fails as STORAGE_FAILED where the object store refuses every write, once that was tried for its time', async () => {
    let refused = 0;
    onPut = () => {
      refused += 1;
      refuse();
    };
    const run = await ended(await begin());
    expect(run).toMatchObject({
      status: 'failed',
      failure: { kind: 'STORAGE_FAILED', message: expect.stringContaining('free some space') },
    });
    expect(refused).toBeGreaterThanOrEqual(5);
    expect(released).toBe(1);
  });

  it('keeps what it has measured where the disk becomes full in the middle, and goes on once there is room', async () => {
    onPut = (key) => void (key.includes('/agents/') && refuse());
    const runId = await begin();
    expect(await ended(runId)).toMatchObject({ status: 'failed', failure: { kind: 'STORAGE_FAILED' } });
    expect(await profileOf(runId)).toBeDefined();
    const statements = measured();
    onPut = () => undefined;
    await resumeRun(ports, sampleCaller(tenant), runId, {});
    expect((await ended(runId)).status).toBe('succeeded');
    expect(measured()).toBe(statements);
  });

  it('takes no notice of a store that is away for a moment', async () => {
    const refusals = new Map<string, number>();
    onPut = (key) => {
      const before = refusals.get(key) ?? 0;
      refusals.set(key, before + 1);
      if (before < 2 && !key.startsWith('_evidence')) refuse();
    };
    expect((await ended(await begin())).status).toBe('succeeded');
  });

  it('is settled when the run store is back, however long that takes, and once', async () => {
    let refused = 0;
    onSettle = () => {
      refused += 1;
      if (refused <= 7) refuse();
    };
    expect((await ended(await begin())).status).toBe('succeeded');
    expect(refused).toBe(8);
  });

  it('fails as MODEL_UNAVAILABLE after five tries where the model stays away, with its measurements kept', async () => {
    let asked = 0;
    model = async () => {
      asked += 1;
      throw new Failure('MODEL_UNAVAILABLE', 'The model service cannot be used now.');
    };
    const runId = await begin();
    expect(await ended(runId)).toMatchObject({ status: 'failed', failure: { kind: 'MODEL_UNAVAILABLE' } });
    expect(asked).toBe(5);
    expect(await profileOf(runId)).toBeDefined();
    model = async (request) => (turnOf(request) === 1 ? query : submit);
    await resumeRun(ports, sampleCaller(tenant), runId, {});
    expect(await ended(runId)).toMatchObject({ status: 'succeeded', attempt: 2 });
  });

  it('fails as SANDBOX_LOST where the sandbox is killed in the middle', async () => {
    model = async () => {
      sandbox.kill();
      return query;
    };
    const runId = await begin();
    expect(await ended(runId)).toMatchObject({ status: 'failed', failure: { kind: 'SANDBOX_LOST' } });
    expect(await profileOf(runId)).toBeDefined();
    expect(released).toBe(1);
  });

  it('times out where a function hangs, tells it so, and what it writes too late is written nowhere', async () => {
    const hung = Promise.withResolvers<ModelReply>();
    let told: unknown;
    model = ({ signal }) => {
      signal?.addEventListener('abort', () => (told = signal.reason), { once: true });
      return hung.promise;
    };
    const runId = await begin();
    const run = await ended(runId);
    expect(run).toMatchObject({ status: 'timed_out', failure: { kind: 'RUN_TIMED_OUT' } });
    expect(told).toMatchObject({ error: 'States.Timeout' });
    const before = await stores.sessions.get(tenant, runId, 'cataloging');
    const keys = await files.list(tenant, `_runs/${runId}`);
    hung.resolve(query);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(await stores.sessions.get(tenant, runId, 'cataloging')).toEqual(before);
    expect(await files.list(tenant, `_runs/${runId}`)).toEqual(keys);
  });

  it('is cancelled in the middle of a call of the model, which is ended, and writes nothing any more', async () => {
    const asked = Promise.withResolvers<ModelRequest>();
    const late = Promise.withResolvers<ModelReply>();
    model = (request) => {
      asked.resolve(request);
      return late.promise;
    };
    const runId = await begin();
    const { signal } = await asked.promise;
    await cancelRun(ports, sampleCaller(tenant), runId);
    expect(await ended(runId)).toMatchObject({ status: 'cancelled', failure: { kind: 'RUN_CANCELLED' } });
    expect(signal?.reason).toMatchObject({ kind: 'RUN_CANCELLED' });
    late.resolve(submit);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    const session = await stores.sessions.get(tenant, runId, 'cataloging');
    // What the call has cost is never learned: it counts as the most that it could.
    expect(session).toMatchObject({ status: 'failed', turns: 0, reserved_dollars: 0, held_calls: [{ turn: 1 }] });
    expect(session?.usage.dollars).toBe(session?.held_calls?.[0]?.dollars);
    expect(session?.usage.dollars).toBeGreaterThan(0.08);
  });

  describe('that somebody starts in the console', () => {
    const request = { tenant, dataset: 'ecommerce', s3_prefix: 'reports/shop' };
    const startByHand = async (input: unknown, name: string) => {
      const { execution_id } = await workflow.start({ machine: 'catalog', name, input });
      await workflow.idle();
      return (await workflow.describe(execution_id)) ?? expect.fail('the execution is gone');
    };
    const runsThere = async () => (await stores.runs.list(tenant, { limit: 10 })).items;

    it('with a catalog request gets a record, and is settled like any other', async () => {
      const before = Date.now();
      const name = '4f0e8c56-9b64-4a9b-8f0b-6f1f3a1d2c3e';
      const execution = await startByHand(request, name);
      expect(execution).toMatchObject({ status: 'SUCCEEDED' });
      const [run, ...others] = await runsThere();
      expect(others).toEqual([]);
      expect(run).toMatchObject({
        status: 'succeeded',
        trigger: { kind: 'console', id: name },
        actor: { kind: 'console', id: name },
        owner: { kind: 'console', id: name },
        sources: [{ kind: 'dataset', label: 'ecommerce' }],
        publish: { s3_prefix: 'reports/shop' },
        execution_id: execution.execution_id,
        reports: [{ agent: 'cataloging' }, { agent: 'summary' }],
      });
      expect(execution.output).toEqual({ run_id: run?.run_id });
      // Runs are listed by their ids, which begin with the time.
      const made = decodeTime(run?.run_id ?? '');
      expect(made).toBe(Date.parse(execution.started_at));
      expect(made).toBeGreaterThanOrEqual(before);
      expect((await stores.steps.list(tenant, run?.run_id ?? '')).map(({ name: step }) => step)).toContain(
        '_adopt-execution',
      );
      expect(watched.uses).toEqual(usesOfCatalog);
      expect(released).toBe(1);
    });

    it('has the name of its execution as its id where that is one', async () => {
      const name = ports.clock.newRunId();
      await startByHand(request, name);
      expect(await stores.runs.get(tenant, name)).toMatchObject({ status: 'succeeded', attempt: 1 });
    });

    it('is cancelled and resumed like any other', async () => {
      const asked = Promise.withResolvers<void>();
      const late = Promise.withResolvers<ModelReply>();
      model = async () => {
        asked.resolve();
        return late.promise;
      };
      await workflow.start({ machine: 'catalog', name: 'by-hand', input: request });
      await asked.promise;
      const { run_id = '' } = (await runsThere())[0] ?? {};
      await cancelRun(ports, sampleCaller(tenant), run_id);
      expect(await ended(run_id)).toMatchObject({ status: 'cancelled', attempt: 1 });
      late.resolve(submit);
      model = async () => submit;
      await resumeRun(ports, sampleCaller(tenant), run_id, {});
      expect(await ended(run_id)).toMatchObject({ status: 'succeeded', attempt: 2 });
    });

    it.each([
      ['no tenant', { dataset: 'ecommerce', s3_prefix: 'a/b' }, 'input.tenant: is missing.'],
      ['a tenant that is none', { ...request, tenant: 'A B' }, 'input.tenant: lower-case letters'],
      [
        'a field that is misspelt',
        { ...request, s3_prefx: 'a' },
        'input: "s3_prefx" is not known; is "s3_prefix" meant?',
      ],
      ['no database', { tenant, s3_prefix: 'a/b' }, 'name exactly one of connection'],
      ['nothing', {}, 'input.tenant: is missing'],
      ['text', 'catalog, please', 'input: must be an object'],
      ['a dataset that is not there', { ...request, dataset: 'ecomerce' }, 'ecommerce'],
      [
        'a password',
        { tenant, db_conn_string: 'postgresql://u:p@db/shop', s3_prefix: 'a/b' },
        'input.db_conn_string: the input of an execution is kept where others read it',
      ],
    ])('is refused in words, and recorded nowhere, where the input has %s', async (_, input, message) => {
      const { status, error = '', cause = '' } = await startByHand(input, 'by-hand');
      expect(status).toBe('FAILED');
      expect(reportOfCause(error, cause).message).toContain(message);
      expect(await runsThere()).toEqual([]);
    });

    it('is refused under the id of another run, which goes on undisturbed', async () => {
      const other = sampleRun(tenant, { chain: { name: 'connection-test', version: 1 } });
      await stores.runs.create({ ...other, execution_id: `arn:of:connection-test:${other.run_id}` });
      const { status, error, cause } = await startByHand(request, other.run_id);
      expect([status, error]).toEqual(['FAILED', 'CONFLICT']);
      expect(cause).toContain('Start the execution under another name.');
      expect(released).toBe(0);
      expect(await stores.runs.get(tenant, other.run_id)).toMatchObject({ status: 'running', chain: other.chain });
    });
  });

  describe('that has ended, redriven', () => {
    /** What becomes of an execution that begins where the one of a run has failed. */
    const again = async (machine: string, input: unknown) => {
      const { execution_id } = await workflow.start({ machine, name: 'redriven', input });
      await workflow.idle();
      return (await workflow.describe(execution_id)) ?? expect.fail('the execution is gone');
    };
    const chunk = 'a1-c001';

    it.each([
      ['takes no sandbox', 'catalog', {}],
      ['measures no table', 'profile', { node: 'profile', chunk, work: 'measure', max_parallel: 1 }],
      ['checks no table', 'profile', { node: 'profile', chunk, work: 'check', max_parallel: 1 }],
      ['lets no agent begin', 'agent-loop', { node: 'summary', agent: 'summary' }],
      ['lets no agent go on', 'agent-loop', { node: 'cataloging', agent: 'cataloging' }],
    ])('%s, and says at once what goes on with it', async (_, machine, part) => {
      model = async () => {
        throw new Failure('MODEL_REFUSED', 'No.');
      };
      const runId = await begin();
      const before = await ended(runId);
      expect(before.status).toBe('failed');
      const uses = [...watched.uses];
      const { status, error, cause } = await again(machine, { tenant, run_id: runId, ...part });
      expect([status, error]).toEqual(['FAILED', 'CONFLICT']);
      expect(cause).toContain(`surveyor resume ${runId}`);
      expect(watched.uses).toEqual(uses);
      expect(await ended(runId)).toEqual(before);
    });
  });

  describe('whose functions are not told that their states are over', () => {
    /** A run that was cancelled while the model was about to answer its first call, and what lets it answer. */
    const cancelledInCall = async () => {
      isTold = false;
      const asked = Promise.withResolvers<void>();
      const slow = Promise.withResolvers<ModelReply>();
      model = async () => {
        asked.resolve();
        return slow.promise;
      };
      const runId = await begin();
      await asked.promise;
      await cancelRun(ports, sampleCaller(tenant), runId);
      expect(await ended(runId)).toMatchObject({ status: 'cancelled' });
      return { runId, answerLate: () => slow.resolve(query) };
    };
    const sessionOf = (runId: string) => stores.sessions.get(tenant, runId, 'cataloging');

    it('keeps an agent as it ended, with its failure, when the model answers after the cancel', async () => {
      const { runId, answerLate } = await cancelledInCall();
      const before = await sessionOf(runId);
      expect(before).toMatchObject({ status: 'failed', turns: 0, failure: { kind: 'RUN_CANCELLED' } });
      answerLate();
      const outcomes = await Promise.allSettled(works);
      expect(outcomes.at(-1)).toMatchObject({ status: 'rejected', reason: { name: 'CONFLICT' } });
      expect(await sessionOf(runId)).toEqual(before);
      expect(await stores.runs.get(tenant, runId)).toMatchObject({ status: 'cancelled', attempt: 1 });
      // What was paid for is not lost: a resumed run goes on from it, and asks the model for the next turn alone.
      const turns: number[] = [];
      model = async (request) => {
        turns.push(turnOf(request));
        return submit;
      };
      await resumeRun(ports, sampleCaller(tenant), runId, {});
      expect(await ended(runId)).toMatchObject({ status: 'succeeded', attempt: 2 });
      expect(turns).toEqual([2, 1]);
      expect(await sessionOf(runId)).toMatchObject({ status: 'succeeded', attempt: 2, turns: 2 });
    });

    it('lets an answer of the attempt before change nothing of the one that goes on', async () => {
      const { runId, answerLate } = await cancelledInCall();
      const [earlier] = works.slice(-1);
      const asked = Promise.withResolvers<void>();
      const slow = Promise.withResolvers<ModelReply>();
      model = async (request) => {
        asked.resolve();
        return turnOf(request) === 1 ? slow.promise : submit;
      };
      await resumeRun(ports, sampleCaller(tenant), runId, {});
      await asked.promise;
      const before = await sessionOf(runId);
      expect(before).toMatchObject({ status: 'running', attempt: 2, turns: 0 });
      answerLate();
      await expect(earlier).rejects.toMatchObject({ name: 'CONFLICT' });
      expect(await sessionOf(runId)).toEqual(before);
      slow.resolve(query);
      expect(await ended(runId)).toMatchObject({ status: 'succeeded', attempt: 2 });
      expect(await sessionOf(runId)).toMatchObject({ status: 'succeeded', attempt: 2, turns: 2 });
    });
  });

  describe('where something is lost at its beginning', () => {
    const lost = async (): Promise<never> => Promise.reject(new Failure('STORAGE_FAILED', 'The answer was lost.'));

    it('goes on where the engine has begun it and the answer was lost', async () => {
      const start: typeof workflow.start = workflow.start.bind(workflow);
      ports.workflow.start = async (request) => {
        await start(request);
        return lost();
      };
      const runId = ports.clock.newRunId();
      ports.clock.newRunId = () => runId;
      await expect(begin()).rejects.toMatchObject({ kind: 'STORAGE_FAILED' });
      expect(await ended(runId)).toMatchObject({ status: 'succeeded' });
    });

    it('is found by nobody to run where the engine was never reached, and settled by reconciling', async () => {
      ports.workflow.start = lost;
      const runId = ports.clock.newRunId();
      ports.clock.newRunId = () => runId;
      await expect(begin()).rejects.toMatchObject({ kind: 'STORAGE_FAILED' });
      expect(await ended(runId)).toMatchObject({ status: 'running' });
      expect(await reconcileRuns(ports, { grace_seconds: 0, chains: [] })).toMatchObject({ settled: 1 });
      expect(await ended(runId)).toMatchObject({ status: 'interrupted', failure: { kind: 'RUN_INTERRUPTED' } });
    });

    it('goes on although its execution could not be noted, and can be cancelled', async () => {
      ports.runs.setExecution = lost;
      const asked = Promise.withResolvers<void>();
      model = async () => {
        asked.resolve();
        return new Promise<never>(() => undefined);
      };
      const runId = await begin();
      await asked.promise;
      await cancelRun(ports, sampleCaller(tenant), runId);
      expect(await ended(runId)).toMatchObject({ status: 'cancelled' });
    });
  });

  it('is interrupted where the service stops in order', async () => {
    const asked = Promise.withResolvers<void>();
    model = () => {
      asked.resolve();
      return new Promise(() => undefined);
    };
    const runId = await begin();
    await asked.promise;
    await workflow.close('The service was stopped.');
    expect(await stores.runs.get(tenant, runId)).toMatchObject({
      status: 'interrupted',
      failure: { kind: 'RUN_INTERRUPTED', message: 'The service was stopped.' },
    });
    expect(released).toBe(1);
  });
});
