import { objectPorts } from '../../src/adapters/object-ports.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileObjectStore } from '../../src/adapters/local/file-object-store.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { Failure } from '../../src/contracts/failure.ts';
import {
  heldByRun,
  type DatabaseTarget,
  type Lease,
  type SandboxInput,
  type SandboxOperation,
  type SandboxOutput,
} from '../../src/contracts/sandbox.ts';
import { DatabaseSchema } from '../../src/contracts/schema.ts';
import { narrowSchema } from '../../src/domain/connection/narrow-schema.ts';
import { inlineSecretName, runKeys } from '../../src/domain/run-keys.ts';
import type { Run } from '../../src/contracts/run.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';
import { openSources } from '../../src/use-cases/open-sources.ts';
import { freshTenant, sampleConnection, sampleLease, sampleRun } from '../contracts/stores/samples.ts';

const connection = 'duckdb:///data/secret-place/shop.duckdb';

describe('opening the databases of a run', () => {
  const tenant = freshTenant();
  let folder: string;
  let stores: ReturnType<typeof openSqliteStores>;
  let tables: readonly string[];
  let unreachable: readonly string[];
  let opened: DatabaseTarget[];
  let logged: string[];

  const sandbox: Sandbox = {
    take: async () => Promise.reject(new Error('not expected')),
    call: async <O extends SandboxOperation>(_: Lease, operation: O, input: unknown) => {
      if (operation !== 'open') throw new Failure('INTERNAL', `${operation} was not expected`);
      const { source, target, tables: asked, kept } = input as SandboxInput<'open'>;
      opened.push(target);
      if (unreachable.includes(source)) throw new Failure('DATABASE_UNREACHABLE', `${source} is down`);
      const found = tables.map((name) => ({ name, kind: 'table', columns: [], constraints: [] }));
      const whole = DatabaseSchema.parse({ engine: 'duckdb', engine_version: 'v1.5', tables: found });
      // As the sandbox itself does.
      const { schema, not_asked = [] } = narrowSchema(whole, { asked, kept });
      return { ...schema, not_asked: not_asked.length } as unknown as SandboxOutput<O>;
    },
    release: async () => undefined,
    abandon: async () => undefined,
    sweep: async () => ({ holders: 0, stopped: [] }),
  };
  const ports = () => {
    const say = (message: string, fields?: unknown) => void logged.push(JSON.stringify([message, fields]));
    const log = { debug: say, info: say, warn: say, error: say, with: () => log };
    return {
      ...stores,
      log,
      sandbox,
      ...objectPorts(fileObjectStore(join(folder, 'objects'))),
      platform: 'local' as 'local' | 'aws',
      sourceObjects: { list: async () => ({ objects: [], left_out: [] }) },
      datasets: { target: async (name: string) => ({ engine: 'files', path: `/datasets/${name}` }) as const },
      secrets: {
        put: async () => undefined,
        delete: async () => undefined,
        get: async (owner: string, name: string) =>
          (owner === tenant && name === inlineSecretName(inline.run_id, 'main')) || name === 'secret of shop'
            ? connection
            : undefined,
      },
    };
  };
  const dataset = sampleRun(tenant);
  const inline = sampleRun(tenant, {
    sources: [{ name: 'main', kind: 'inline', label: 'shown', engine: 'duckdb' }],
  });
  /** A run that has a sandbox. */
  const create = async (run: Run): Promise<void> => {
    await stores.runs.create(run);
    await stores.leases.put(sampleLease(run));
  };
  const chunk = async (run: { readonly run_id: string }, id: string): Promise<unknown> => {
    const bytes = await ports().documents.get(tenant, runKeys(run.run_id).chunk(id));
    return bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes));
  };
  const open = (run: { readonly run_id: string }) => openSources(ports(), { tenant, run_id: run.run_id });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-open-'));
    stores = openSqliteStores(join(folder, 'store.sqlite'));
    [tables, opened, logged, unreachable] = [['customers', 'orders'], [], [], []];
    await create(dataset);
    await create(inline);
  });
  afterEach(() => {
    stores.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('opens the files of a dataset, and keeps the schema', async () => {
    expect(await open(dataset)).toEqual({ tables: 2, chunks: ['a1-tables-1'] });
    expect(await chunk(dataset, 'a1-tables-1')).toEqual([
      { source: 'main', table: 'customers' },
      { source: 'main', table: 'orders' },
    ]);
    expect(opened).toEqual([{ engine: 'files', path: '/datasets/ecommerce' }]);
    const bytes = await ports().documents.get(tenant, runKeys(dataset.run_id).schema('main'));
    const schema = DatabaseSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    expect(schema.tables.map(({ name }) => name)).toEqual(['customers', 'orders']);
  });

  it('takes an inline connection from the secrets, and neither logs nor stores it', async () => {
    await open(inline);
    expect(opened).toEqual([{ engine: 'duckdb', path: '/data/secret-place/shop.duckdb' }]);
    const schema = await ports().documents.get(tenant, runKeys(inline.run_id).schema('main'));
    expect(logged.join() + new TextDecoder().decode(schema)).not.toContain('secret-place');
  });

  it('says that the connection is gone once the run has settled', async () => {
    const other = sampleRun(tenant, { sources: inline.sources });
    await create(other);
    await expect(open(other)).rejects.toMatchObject({
      kind: 'NOT_FOUND',
      message: expect.stringMatching(/is gone/),
    });
    expect(opened).toEqual([]);
  });

  it('says that the run has no sandbox any more where it is gone', async () => {
    await stores.leases.delete(tenant, heldByRun(dataset.run_id), 1);
    await expect(open(dataset)).rejects.toMatchObject({ kind: 'SANDBOX_LOST' });
    expect(opened).toEqual([]);
  });

  it('says that a database has no tables', async () => {
    tables = [];
    await expect(open(dataset)).rejects.toMatchObject({ kind: 'DATABASE_EMPTY' });
  });

  it('takes the named tables alone', async () => {
    const some = sampleRun(tenant, { sources: dataset.sources.map((source) => ({ ...source, tables: ['orders'] })) });
    await create(some);
    expect(await open(some)).toMatchObject({ tables: 1 });
    expect(await chunk(some, 'a1-tables-1')).toEqual([{ source: 'main', table: 'orders' }]);
  });

  it('takes a named connection from the secret that it names', async () => {
    const named = sampleRun(tenant, {
      sources: [{ name: 'main', kind: 'connection', connection: 'shop', label: connection, engine: 'duckdb' }],
    });
    await stores.connections.create(sampleConnection(tenant, { secret: 'secret of shop' }));
    await create(named);
    await open(named);
    expect(opened).toEqual([{ engine: 'duckdb', path: '/data/secret-place/shop.duckdb' }]);
  });

  describe('for several databases', () => {
    const [one] = dataset.sources;
    const several = async () => {
      const run = sampleRun(tenant, { sources: ['a', 'b', 'c'].map((name) => ({ ...one!, name })) });
      await create(run);
      return run;
    };

    it('opens them all, and leaves out one that does not open, saying why', async () => {
      tables = ['t'];
      unreachable = ['b'];
      const run = await several();
      await open(run);
      expect(await chunk(run, 'a1-tables-1')).toEqual([
        { source: 'a', table: 't' },
        { source: 'c', table: 't' },
      ]);
      const note = await ports().documents.get(tenant, runKeys(run.run_id).sourceFailure('b'));
      expect(JSON.parse(new TextDecoder().decode(note))).toEqual({
        kind: 'DATABASE_UNREACHABLE',
        message: 'b is down',
      });
    });

    it('fails as the first does where none opens', async () => {
      unreachable = ['a', 'b', 'c'];
      await expect(open(await several())).rejects.toMatchObject({
        kind: 'DATABASE_UNREACHABLE',
        message: 'a is down',
      });
    });
  });

  describe('from a bucket', () => {
    const place = { engine: 'objects', bucket: 'exports', prefix: 'shop' } as const;
    const run = sampleRun(tenant, {
      sources: [{ name: 'main', kind: 'inline', label: 's3://exports/shop', engine: 'objects' }],
    });

    it('sends links to what is listed when the source is opened', async () => {
      await create(run);
      const objects = [
        { name: 'orders.csv', bytes: 1, url: 'https://s3.eu-central-1.amazonaws.com/exports/orders.csv' },
      ];
      const left_out = [{ name: 'readme.txt', detail: 'It is no data file.' }];
      const listed: string[] = [];
      const list = async (bucket: string, prefix: string) => {
        listed.push(`${bucket}/${prefix}`);
        return { objects, left_out };
      };
      await openSources(
        { ...ports(), sourceObjects: { list }, secrets: { get: async () => 's3://exports/shop' } },
        { tenant, run_id: run.run_id },
      );
      expect(listed).toEqual(['exports/shop']);
      expect(opened.at(-1)).toEqual({ ...place, objects, left_out });
    });
  });

  describe('a database that the network does not lead to', () => {
    const advice = { kind: 'open_egress', setting: 'databases', value: '10.0.8.0/24:5432' } as const;
    const fail = async (): Promise<never> => {
      throw new Failure('DATABASE_UNREACHABLE', 'It did not answer.', { where: 'db:5432', advice });
    };
    const openOn = (platform: 'aws' | 'local') =>
      openSources({ ...ports(), platform, sandbox: { ...sandbox, call: fail } }, { tenant, run_id: dataset.run_id });

    it('is told with what the deployment has to be told, on AWS alone', async () => {
      await expect(openOn('aws')).rejects.toMatchObject({ kind: 'DATABASE_UNREACHABLE', advice });
      await expect(openOn('local')).rejects.toMatchObject({
        kind: 'DATABASE_UNREACHABLE',
        message: 'It did not answer.',
        where: 'db:5432',
        advice: undefined,
      });
    });
  });

  it('puts many tables into chunks, in their order', async () => {
    tables = Array.from({ length: 450 }, (_, index) => `t${index}`);
    expect(await open(dataset)).toEqual({ tables: 450, chunks: ['a1-tables-1', 'a1-tables-2', 'a1-tables-3'] });
    const chunks = await Promise.all(['1', '2', '3'].map((nth) => chunk(dataset, `a1-tables-${nth}`)));
    expect(chunks.flat()).toEqual(tables.map((table) => ({ source: 'main', table })));
  });

  it('refuses more tables than a run has executions for', async () => {
    tables = Array.from({ length: 100_001 }, (_, index) => `t${index}`);
    await expect(open(dataset)).rejects.toMatchObject({ kind: 'INVALID_REQUEST', where: 'body.tables' });
  });

  it('leaves out a table whose name no state can carry, and says so', async () => {
    tables = ['orders', 'x'.repeat(300_000)];
    expect(await open(dataset)).toEqual({ tables: 1, chunks: ['a1-tables-1'] });
    expect(await chunk(dataset, 'a1-left-out')).toMatchObject([
      { table: tables[1], failure: { kind: 'INVALID_REQUEST', message: expect.stringContaining('of 4000') as string } },
    ]);
  });

  it('does not find the run of another tenant', async () => {
    const input = { tenant: freshTenant(), run_id: dataset.run_id };
    await expect(openSources(ports(), input)).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    expect(opened).toEqual([]);
  });
});
