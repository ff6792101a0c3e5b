import { heldByRun } from '../../src/contracts/sandbox.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Drift } from '../../src/contracts/drift.ts';
import { type DatabaseProfile, RunProfile, type TableProfile } from '../../src/contracts/profile.ts';
import type { Run } from '../../src/contracts/run.ts';
import type { TableOutcome } from '../../src/contracts/table-ref.ts';
import { evidenceKey, runKeys } from '../../src/domain/run-keys.ts';
import { collectProfile } from '../../src/use-cases/collect-profile.ts';
import { type LoopBench, emptyProfile, makeLoop, tenant } from '../support/agent-loop.ts';
import { type InProcessSandbox, inProcessSandbox } from '../support/in-process-sandbox.ts';
import { workedChunk } from '../support/worked-chunk.ts';

const measured = (table: string, rows: number): TableProfile => ({
  table,
  schema: { name: table, kind: 'table', columns: [], constraints: [] },
  rows: { basis: 'exact', count: rows },
  columns: [],
  statements: [],
  profiled_at: '2026-01-31T12:00:00.000Z',
  milliseconds: 1,
});

const database = (tables: readonly TableProfile[], more: Partial<DatabaseProfile> = {}): DatabaseProfile => ({
  source: 'main',
  label: 'shop',
  engine: 'duckdb',
  engine_version: 'v1.5',
  tables,
  failed: [],
  not_visible: [],
  ...more,
});

describe('collecting a profile', () => {
  let sandbox: InProcessSandbox;
  let bench: LoopBench;
  const keys = () => runKeys(bench.run.run_id);
  const put = (key: string, value: unknown) =>
    bench.ports.documents.put(tenant, key, JSON.stringify(value), 'application/json');
  const get = async (key: string): Promise<unknown> => {
    const bytes = await bench.ports.documents.get(tenant, key);
    return bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes));
  };
  const collect = async (...tables: readonly ({ readonly table: string } & TableOutcome)[]) => {
    const ids = { tenant, run_id: bench.run.run_id };
    const chunks = await workedChunk(
      bench.ports,
      ids,
      tables.map((table) => ({ source: 'main', ...table })),
    );
    return collectProfile(bench.ports, { ...ids, node: 'profile', chunks });
  };

  /** A succeeded run before this one, with a profile of its own. */
  const earlierRun = async (sources: Run['sources'], profile: RunProfile): Promise<string> => {
    const run_id = '01JJXA0000AAAAAAAAAAAAAAAA';
    await bench.ports.runs.create({ ...bench.run, run_id, sources, created_at: '2026-01-30T12:00:00.000Z' });
    await put(runKeys(run_id).profile, profile);
    await bench.ports.runs.settle(tenant, run_id, {
      attempt: 1,
      status: 'succeeded',
      ended_at: '2026-01-30T12:01:00.000Z',
    });
    return run_id;
  };

  beforeEach(async () => {
    sandbox = await inProcessSandbox();
    bench = await makeLoop({
      sandbox,
      model: { kind: 'model', reply: () => Promise.reject(new Error('no model is needed here')) },
    });
    await put(keys().schema('main'), { engine: 'duckdb', engine_version: 'v1.5', tables: [] });
    await put(keys().tableProfile('main', 'orders'), measured('orders', 120));
  });
  afterEach(() => bench.close());

  it('puts the tables together, those that failed beside those that were measured', async () => {
    await put(keys().tableFailure('main', 'broken'), { kind: 'STATEMENT_FAILED', message: 'The whole reason.' });
    const verdict = await collect(
      { table: 'orders' },
      { table: 'broken', error: 'STATEMENT_FAILED', cause: '{"errorMessage":"The whole rea' },
      { table: 'slow', error: 'States.Timeout', cause: 'cut off' },
    );
    expect(verdict).toEqual({ profiled: 1, failed: 2, chunks: ['a1-checks-1'] });
    expect(await get(keys().chunk('a1-checks-1'))).toEqual([{ source: 'main', table: 'orders' }]);
    const failed = [
      { table: 'broken', failure: { kind: 'STATEMENT_FAILED', message: 'The whole reason.' } },
      { table: 'slow', failure: { kind: 'States.Timeout', message: 'cut off' } },
    ];
    expect(RunProfile.parse(await get(keys().profile))).toEqual({
      databases: [database([measured('orders', 120)], { failed })],
    });
  });

  it('keeps what the rules need to know of all tables of a source, and gives no result of the node yet', async () => {
    await collect({ table: 'orders' });
    expect(await get(keys().outlines('main'))).toEqual([
      { table: 'orders', kind: 'table', rows: { basis: 'exact', count: 120 }, constraints: [], columns: [] },
    ]);
    expect(await bench.ports.nodeResults.get(tenant, bench.run.run_id, 'profile')).toBeUndefined();
  });

  it('fails as the first table did where none could be measured, and writes nothing', async () => {
    const cause = JSON.stringify({ errorType: 'RUNNER_TIMEOUT', errorMessage: 'It took 800 s.' });
    await expect(collect({ table: 'orders', error: 'RUNNER_TIMEOUT', cause })).rejects.toMatchObject({
      kind: 'RUNNER_TIMEOUT',
      message: 'No table could be profiled. "orders": It took 800 s.',
    });
    expect(await get(keys().profile)).toEqual(emptyProfile);
  });

  it('compares with the run before under the same prefix', async () => {
    const run_id = await earlierRun(bench.run.sources, { databases: [database([measured('orders', 100)])] });
    await collect({ table: 'orders' });
    expect(await get(keys().drift)).toEqual({
      since: { run_id, at: '2026-01-30T12:00:00.000Z' },
      changes: [{ source: 'main', kind: 'rows_changed', table: 'orders', before: '100 rows', after: '120 rows' }],
      not_looked_at: [],
    } satisfies Drift);
  });

  it('does not compare with another database', async () => {
    const another = bench.run.sources.map((source) => ({ ...source, label: 'another' }));
    await earlierRun(another, { databases: [database([measured('tickets', 100)])] });
    await collect({ table: 'orders' });
    expect(await get(keys().drift)).toEqual({ changes: [], not_looked_at: [], other_databases: true });
  });

  it('keeps the evidence of every statement, once, however often it is called', async () => {
    const lease = await bench.ports.leases.get(tenant, heldByRun(bench.run.run_id));
    const limits = { rows: 10, bytes: 1_000, seconds: 1 };
    for (const sql of ['select 1 as a', 'select 2 as a']) {
      await sandbox.call(lease!, 'execute_sql', { source: 'main', sql, limits, origin: 'profile' });
    }
    await collect({ table: 'orders' });
    await collect({ table: 'orders' });
    const kept = await bench.ports.evidence.list(tenant, bench.run.run_id);
    expect(kept.map(({ number, evidence }) => [number, evidence.text])).toEqual([
      [1, 'select 1 as a'],
      [2, 'select 2 as a'],
    ]);
    for (const { evidence } of kept) {
      const bytes = await bench.ports.evidenceObjects.get(tenant, evidenceKey(evidence));
      expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(evidence);
    }
  });

  it('tells of a table whose name no state can carry, beside the others', async () => {
    const table = 'x'.repeat(5_000);
    const failure = { kind: 'INVALID_REQUEST', message: 'The name is too long.' };
    await put(keys().chunk('a1-left-out'), [{ source: 'main', table, failure }]);
    expect(await collect({ table: 'orders' })).toMatchObject({ profiled: 1, failed: 1 });
    expect(RunProfile.parse(await get(keys().profile)).databases[0]?.failed).toEqual([{ table, failure }]);
  });

  it('says that the run has to start again where its sandbox is gone', async () => {
    await bench.ports.leases.delete(tenant, heldByRun(bench.run.run_id), 1);
    await expect(collect({ table: 'orders' })).rejects.toMatchObject({ kind: 'SANDBOX_LOST' });
  });

  it('sees nothing of another tenant', async () => {
    const input = {
      tenant: 'other',
      run_id: bench.run.run_id,
      node: 'profile',
      chunks: [],
    };
    await expect(collectProfile(bench.ports, input)).rejects.toMatchObject({ kind: 'NOT_FOUND' });
  });
});
