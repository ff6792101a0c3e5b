import { objectPorts } from '../../src/adapters/object-ports.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileObjectStore } from '../../src/adapters/local/file-object-store.ts';
import { processSandbox } from '../../src/adapters/local/process-sandbox.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { heldByRun, type Lease, type SandboxInput } from '../../src/contracts/sandbox.ts';
import { TableProfile } from '../../src/contracts/profile.ts';
import { runKeys } from '../../src/domain/run-keys.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';
import { openSources } from '../../src/use-cases/open-sources.ts';
import { profileTable } from '../../src/use-cases/profile-table.ts';
import { freshTenant, sampleLease, sampleRun } from '../contracts/stores/samples.ts';
import { takeLease } from '../support/take-lease.ts';

const database = [
  `CREATE TABLE orders AS SELECT i AS id, ['new', 'paid'][1 + i % 2] AS status, i / 4 AS price FROM range(1000) t(i)`,
  'CREATE SCHEMA sales',
  `CREATE TABLE sales."it's ""large""" AS SELECT i AS id, 'text' AS word FROM range(300000) t(i)`,
  'CREATE VIEW dear AS SELECT * FROM orders WHERE price > 100',
  `CREATE VIEW broken AS SELECT CAST(status AS INTEGER) AS number FROM orders`,
];

const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, with: () => log };

describe('profiling a table in a real sandbox', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-profile-'));
  const tenant = freshTenant();
  const run = sampleRun(tenant, { sources: [{ name: 'main', kind: 'dataset', label: 'made', engine: 'duckdb' }] });
  const slowRun = sampleRun(tenant, { sources: run.sources });
  const stores = openSqliteStores(join(folder, 'store.sqlite'));
  // The sandbox passes it on to kernels; no statement of a profile starts one.
  const python = async () => '/no/python';
  const sandbox = processSandbox({ dataDir: folder, python, warm: 0 });
  const objects = fileObjectStore(join(folder, 'objects'));
  const clock = { now: () => new Date('2025-07-01T00:00:00.000Z'), newRunId: () => run.run_id };
  const ports = { ...stores, ...objectPorts(objects), sandbox, clock, log };

  const profile = (table: string) =>
    profileTable(ports, { tenant, run_id: run.run_id, node: 'profile', source: 'main', table });
  const read = async (key: string): Promise<unknown> => {
    const bytes = await objects.get(tenant, key);
    return bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes));
  };
  const profileOf = async (table: string): Promise<TableProfile> =>
    TableProfile.parse(await read(runKeys(run.run_id).tableProfile('main', table)));

  let lease: Lease;
  beforeAll(async () => {
    const path = join(folder, 'made.duckdb');
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    for (const sql of database) await connection.run(sql);
    connection.closeSync();
    instance.closeSync();
    await stores.runs.create(run);
    lease = await takeLease(sandbox, tenant, heldByRun(run.run_id));
    await stores.leases.put(lease);
    await openSources(
      {
        ...ports,
        secrets: { get: async () => undefined },
        datasets: { target: async () => ({ engine: 'duckdb', path }) },
        sourceObjects: { list: async () => ({ objects: [], left_out: [] }) },
        platform: 'local',
      },
      { tenant, run_id: run.run_id },
    );
  });
  afterAll(async () => {
    await sandbox.close();
    stores.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps the figures, with the evidence of every statement behind them', async () => {
    expect(await profile('orders')).toEqual({ source: 'main', table: 'orders', rows: 1_000 });
    const { columns, statements, profiled_at } = await profileOf('orders');
    expect(columns[1]?.top_values?.values).toEqual([
      { value: 'new', count: 500 },
      { value: 'paid', count: 500 },
    ]);
    expect(profiled_at).toBe('2025-07-01T00:00:00.000Z');
    const lease = await stores.leases.get(tenant, heldByRun(run.run_id));
    if (lease === undefined) throw new Error('The run has no lease.');
    const { evidence } = await sandbox.call(lease, 'evidence', { after: 0 });
    const known = evidence.map(({ evidence: one }) => [one.evidence_id, one.origin, one.verdict]);
    expect(known).toEqual(statements.map((id) => [id, 'profile', 'ran']));
  });

  it('finds a table of another schema, whatever its name, and samples a large one', async () => {
    const table = `sales.it's "large"`;
    expect(await profile(table)).toEqual({ source: 'main', table, rows: 300_000 });
    const { sample, columns } = await profileOf(table);
    expect(sample?.percent).toBe(16.7);
    expect(columns[1]?.top_values?.values).toEqual([{ value: 'text', count: sample?.rows }]);
  });

  it('counts the rows of a view first, whose size no catalog knows', async () => {
    expect(await profile('dear')).toEqual({ source: 'main', table: 'dear', rows: 599 });
    expect((await profileOf('dear')).statements).toHaveLength(3);
  });

  it('keeps why a table could not be measured', async () => {
    await expect(profile('broken')).rejects.toMatchObject({ kind: 'STATEMENT_FAILED' });
    expect(await read(runKeys(run.run_id).tableFailure('main', 'broken'))).toMatchObject({
      kind: 'STATEMENT_FAILED',
      message: expect.stringContaining('INT32'),
    });
  });

  it('gives a view up with the first statement that takes too long, sooner than a table, and says so', async () => {
    const sent: number[] = [];
    const slow: Sandbox = {
      ...sandbox,
      call: async (_lease, _operation, input) => {
        sent.push((input as SandboxInput<'execute_sql'>).limits.seconds);
        throw new Failure('RUNNER_TIMEOUT', 'Ask for less at once.');
      },
    };
    const measure = (table: string) =>
      profileTable(
        { ...ports, sandbox: slow },
        { tenant, run_id: slowRun.run_id, node: 'profile', source: 'main', table },
      );
    await stores.runs.create(slowRun);
    await stores.leases.put(sampleLease(slowRun));
    const schema = await objects.get(tenant, runKeys(run.run_id).schema('main'));
    await objects.put(tenant, runKeys(slowRun.run_id).schema('main'), schema ?? '', 'application/json');
    await expect(measure('dear')).rejects.toMatchObject({
      kind: 'RUNNER_TIMEOUT',
      message: expect.stringMatching(/^The view did not answer within 60 s and was given up; nothing more/) as string,
    });
    await expect(measure('orders')).rejects.toMatchObject({ message: expect.stringContaining('200 s') as string });
    expect(sent).toEqual([60, 200]);
    expect(await read(runKeys(slowRun.run_id).tableFailure('main', 'dear'))).toMatchObject({ kind: 'RUNNER_TIMEOUT' });
  });

  it('measures nothing by what is not the answer, and says why', async () => {
    const warned: Sandbox = {
      ...sandbox,
      call: async (_lease, operation, input) => {
        const answer = await sandbox.call(lease, operation, input);
        return 'table' in answer ? { ...answer, table: { ...answer.table, incomplete: ['A value was cut.'] } } : answer;
      },
    };
    const again = sampleRun(tenant, { sources: run.sources });
    await stores.runs.create(again);
    await stores.leases.put(sampleLease(again));
    const schema = await objects.get(tenant, runKeys(run.run_id).schema('main'));
    await objects.put(tenant, runKeys(again.run_id).schema('main'), schema ?? '', 'application/json');
    await expect(
      profileTable(
        { ...ports, sandbox: warned },
        { tenant, run_id: again.run_id, node: 'profile', source: 'main', table: 'orders' },
      ),
    ).rejects.toMatchObject({
      kind: 'STATEMENT_FAILED',
      message: expect.stringContaining('did not answer a statement in full: A value was cut.') as string,
    });
  });

  it('does not know a table that the run has not', async () => {
    await expect(profile('customers')).rejects.toMatchObject({ kind: 'TABLE_NOT_FOUND' });
  });

  it('does not reach the sandbox of another tenant', async () => {
    const other = { tenant: freshTenant(), run_id: run.run_id, node: 'profile', source: 'main', table: 'orders' };
    await expect(profileTable(ports, other)).rejects.toMatchObject({ kind: 'INTERNAL' });
  });
});
