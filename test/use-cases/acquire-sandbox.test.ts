import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileObjectStore } from '../../src/adapters/local/file-object-store.ts';
import { openSqliteRunStore } from '../../src/adapters/local/sqlite-run-store.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { DatabaseTarget, Lease, SandboxOperation, SandboxOutput } from '../../src/contracts/sandbox.ts';
import { DatabaseSchema } from '../../src/contracts/schema.ts';
import { inlineSecretName, runKeys } from '../../src/domain/run-keys.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';
import { acquireSandbox } from '../../src/use-cases/acquire-sandbox.ts';
import { freshTenant, sampleRun } from '../contracts/run-store-samples.ts';

const connection = 'duckdb:///data/secret-place/shop.duckdb';

describe('acquiring a sandbox', () => {
  const tenant = freshTenant();
  let folder: string;
  let runs: ReturnType<typeof openSqliteRunStore>;
  let tables: readonly string[];
  let opened: DatabaseTarget[];
  let leases: Lease[];
  let logged: string[];

  const sandbox: Sandbox = {
    acquire: async (owner, run_id) => {
      const lease = { tenant: owner, run_id, lease_id: `l${leases.length}`, address: '/none', token: 't'.repeat(32) };
      leases.push(lease);
      return lease;
    },
    call: async <O extends SandboxOperation>(_: Lease, operation: O, input: unknown) => {
      if (operation !== 'open') throw new Failure('INTERNAL', `${operation} was not expected`);
      opened.push((input as { target: DatabaseTarget }).target);
      const found = tables.map((name) => ({ name, kind: 'table', columns: [], constraints: [] }));
      return { engine: 'duckdb', engine_version: 'v1.5', tables: found } as unknown as SandboxOutput<O>;
    },
    release: async () => undefined,
  };
  const ports = () => {
    const say = (message: string, fields?: unknown) => void logged.push(JSON.stringify([message, fields]));
    const log = { debug: say, info: say, warn: say, error: say, with: () => log };
    return {
      runs,
      log,
      sandbox,
      objects: fileObjectStore(join(folder, 'objects')),
      datasets: { target: async (name: string) => ({ engine: 'files', path: `/datasets/${name}` }) as const },
      secrets: {
        put: async () => undefined,
        delete: async () => undefined,
        get: async (owner: string, name: string) =>
          owner === tenant && name === inlineSecretName(inline.run_id) ? connection : undefined,
      },
    };
  };
  const dataset = sampleRun(tenant);
  const inline = sampleRun(tenant, { source: { kind: 'inline', label: 'shown', engine: 'duckdb' } });
  const acquire = (run: { readonly run_id: string }) => acquireSandbox(ports(), { tenant, run_id: run.run_id });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-acquire-'));
    runs = openSqliteRunStore(join(folder, 'store.sqlite'));
    [tables, opened, leases, logged] = [['customers', 'orders'], [], [], []];
    await runs.createRun(dataset);
    await runs.createRun(inline);
  });
  afterEach(() => {
    runs.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('opens the files of a dataset, and keeps the lease and the schema', async () => {
    expect(await acquire(dataset)).toEqual({ tables: ['customers', 'orders'] });
    expect(opened).toEqual([{ engine: 'files', path: '/datasets/ecommerce' }]);
    expect(await runs.getLease(tenant, dataset.run_id)).toEqual(leases[0]);
    const bytes = await ports().objects.get(tenant, runKeys(dataset.run_id).schema);
    const schema = DatabaseSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    expect(schema.tables.map(({ name }) => name)).toEqual(['customers', 'orders']);
  });

  it('takes an inline connection from the secrets, and neither logs nor stores it', async () => {
    await acquire(inline);
    expect(opened).toEqual([{ engine: 'duckdb', path: '/data/secret-place/shop.duckdb' }]);
    const schema = await ports().objects.get(tenant, runKeys(inline.run_id).schema);
    expect(logged.join() + new TextDecoder().decode(schema)).not.toContain('secret-place');
  });

  it('says that the connection is gone once the run has settled', async () => {
    const other = sampleRun(tenant, { source: inline.source });
    await runs.createRun(other);
    await expect(acquire(other)).rejects.toMatchObject({
      kind: 'NOT_FOUND',
      message: expect.stringMatching(/is gone/),
    });
    expect(leases).toEqual([]);
  });

  it('keeps the sandbox it has when the state is tried again', async () => {
    await acquire(dataset);
    await acquire(dataset);
    expect(leases).toHaveLength(1);
    expect(opened).toHaveLength(2);
  });

  it('keeps the lease even where the tables are wrong, so that settling can give it back', async () => {
    tables = [];
    await expect(acquire(dataset)).rejects.toMatchObject({ kind: 'DATABASE_EMPTY' });
    expect(await runs.getLease(tenant, dataset.run_id)).toEqual(leases[0]);
  });

  it('takes the named tables alone', async () => {
    const some = sampleRun(tenant, { tables: ['orders'] });
    await runs.createRun(some);
    expect(await acquire(some)).toEqual({ tables: ['orders'] });
  });

  it('does not find the run of another tenant', async () => {
    const input = { tenant: freshTenant(), run_id: dataset.run_id };
    await expect(acquireSandbox(ports(), input)).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    expect(leases).toEqual([]);
  });
});
