import { objectPorts } from '../../src/adapters/object-ports.ts';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aslWorkflow } from '../../src/adapters/local/asl-workflow.ts';
import { fileObjectStore } from '../../src/adapters/local/file-object-store.ts';
import { type FileSecretStore, fileSecretStore } from '../../src/adapters/local/file-secret-store.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { Chain } from '../../src/contracts/chain.ts';
import { ConnectionPage, ConnectionView } from '../../src/contracts/connection.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { DatabaseTarget, Lease, SandboxOperation, SandboxOutput } from '../../src/contracts/sandbox.ts';
import type { DatabaseSchema } from '../../src/contracts/schema.ts';
import { compileChain } from '../../src/domain/chain/compile-chain.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';
import type { ConnectionStore } from '../../src/ports/connection-store.ts';
import type { SecretStore } from '../../src/ports/secret-store.ts';
import { openSources } from '../../src/use-cases/open-sources.ts';
import { createConnection } from '../../src/use-cases/create-connection.ts';
import { deleteConnection } from '../../src/use-cases/delete-connection.ts';
import { getConnection } from '../../src/use-cases/get-connection.ts';
import { listConnections } from '../../src/use-cases/list-connections.ts';
import { rotateConnection } from '../../src/use-cases/rotate-connection.ts';
import { readStatusChange } from '../../src/use-cases/read-status-change.ts';
import { settleRun } from '../../src/use-cases/settle-run.ts';
import { takeSandbox } from '../../src/use-cases/take-sandbox.ts';
import { sweepSecrets } from '../../src/use-cases/sweep-secrets.ts';
import { testConnection } from '../../src/use-cases/test-connection.ts';
import connectionTest from '../../state-machines/connection-test.chain.json' with { type: 'json' };
import { freshTenant, sampleLease, sampleRun, sampleActor, sampleCaller } from '../contracts/stores/samples.ts';

const chain = Chain.parse(connectionTest);
const password = 'hunter2-of-old';
const shop = `postgresql://reader:${password}@db.example/shop`;

/** Everything below a folder as one text, as somebody would read it who copied the disk. */
const everythingIn = (folder: string): string =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');

describe('connections', () => {
  let folder: string;
  let tenant: string;
  let stores: ReturnType<typeof openSqliteStores>;
  let secrets: FileSecretStore;
  let workflow: ReturnType<typeof aslWorkflow>;
  let opened: DatabaseTarget[];
  let released: number;
  let answer: () => DatabaseSchema;
  let logged: string[];
  let settled: (() => void)[];

  /** A sandbox whose databases are what `answer` says. */
  const sandbox: Sandbox = {
    take: async (owner, holder, attempt) => ({
      state: 'ready',
      lease: { tenant: owner, holder, attempt, lease_id: 'l', address: '/none', token: 't'.repeat(32) },
    }),
    call: async <O extends SandboxOperation>(_: Lease, operation: O, input: unknown) => {
      if (operation === 'evidence') return { evidence: [], last: 0 } as unknown as SandboxOutput<O>;
      opened.push((input as { target: DatabaseTarget }).target);
      return { ...answer(), not_asked: 0 } as unknown as SandboxOutput<O>;
    },
    release: async () => void (released += 1),
    abandon: async () => undefined,
    sweep: async () => ({ holders: 0, stopped: [] }),
  };
  const ports = () => {
    const say = (message: string, fields?: unknown) => void logged.push(JSON.stringify([message, fields]));
    const log = { debug: say, info: say, warn: say, error: say, with: () => log };
    const objects = fileObjectStore(join(folder, 'objects'));
    const datasets = { target: async () => ({ engine: 'files', path: '/none' }) as const };
    const functions = { call: async () => ({ collected: false }) as never };
    const sourceObjects = { list: async () => ({ objects: [], left_out: [] }) };
    const platform: 'aws' | 'local' = 'local';
    return {
      ...stores,
      secrets,
      webhookSecrets: secrets,
      workflow,
      ...objectPorts(objects),
      datasets,
      sourceObjects,
      sandbox,
      functions,
      log,
      platform,
      clock: systemClock(),
    };
  };
  const schema: DatabaseSchema = {
    engine: 'postgres',
    engine_version: 'PostgreSQL 15.10',
    tables: ['orders', 'customers'].map((name) => ({ name, kind: 'table', columns: [], constraints: [] })),
    not_visible: [{ what: 'table', name: 'public.payroll', detail: 'no SELECT' }],
    role: { name: 'reader', can_write: false, found: [], writes_elsewhere: ['INSERT on test.*'] },
  };
  const secretOf = async (name: string) =>
    secrets.get(tenant, (await stores.connections.get(tenant, name))?.secret ?? 'none');
  const create = (name = 'shop', db_conn_string = shop) =>
    createConnection(ports(), sampleCaller(tenant), { name, db_conn_string });
  const get = (name = 'shop') => getConnection(ports(), tenant, name);
  /** A run that has not opened the connection yet. */
  const runOnShop = async () => {
    const { label, engine } = await get();
    const run = sampleRun(tenant, {
      sources: [{ name: 'main', kind: 'connection', connection: 'shop', label, engine }],
    });
    await stores.runs.create(run);
    await stores.leases.put(sampleLease(run));
    return { tenant, run_id: run.run_id };
  };
  /** Tests the connection, and waits until the run is settled. */
  const tested = async (name = 'shop'): Promise<ConnectionView> => {
    const done = new Promise<void>((resolve) => settled.push(resolve));
    await testConnection(ports(), sampleCaller(tenant), chain, name);
    await done;
    return get(name);
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-connections-'));
    tenant = freshTenant();
    stores = openSqliteStores(join(folder, 'store.sqlite'));
    secrets = fileSecretStore({ dataFile: join(folder, 'secrets.sqlite'), keyFile: join(folder, 'key') });
    [opened, released, logged, settled, answer] = [[], 0, [], [], () => schema];
    workflow = aslWorkflow({
      invoke: async (name, payload) => {
        if (name === 'take-sandbox') return takeSandbox(ports(), payload as never);
        if (name === 'open-sources') return openSources(ports(), payload as never);
        throw new Error(`${name} was not expected`);
      },
      onStatusChange: async (event) => {
        const ended = readStatusChange(event);
        if (ended !== undefined) await settleRun(ports(), ended);
        settled.shift()?.();
      },
      onError: (error) => {
        throw error;
      },
    });
    await workflow.deploy(chain.name, compileChain(chain));
  });
  afterEach(async () => {
    await workflow.close('The test is over.');
    stores.close();
    secrets.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('when they are made', () => {
    it('keep the credential as a secret, and show all but it', async () => {
      const view = await create();
      expect(ConnectionView.parse(view)).toMatchObject({
        name: 'shop',
        engine: 'postgres',
        label: 'postgresql://db.example:5432/shop',
      });
      expect(await get()).toEqual(view);
      expect(await secretOf('shop')).toBe(shop);
    });

    it('leave the password nowhere on the disk, in no answer and in no log', async () => {
      await create();
      await tested();
      await rotateConnection(ports(), sampleCaller(tenant), 'shop', { db_conn_string: shop });
      const shown = JSON.stringify([await get(), await listConnections(ports(), tenant, { limit: 10 }), logged]);
      expect(shown).toContain('shop');
      expect(shown).not.toContain(password);
      const disk = everythingIn(folder);
      expect(disk).toContain('db.example');
      expect(disk).not.toContain(password);
    });

    it('are refused under a name that is taken, and the credential there stays', async () => {
      await create();
      await expect(create('shop', 'postgresql://other:secret@elsewhere/db')).rejects.toMatchObject({
        kind: 'CONFLICT',
        message: expect.stringContaining('"shop"') as string,
      });
      expect(await secretOf('shop')).toBe(shop);
    });

    it('go to exactly one of ten who ask for a name at once, with that one’s credential', async () => {
      const strings = Array.from({ length: 10 }, (_, index) => `postgresql://u:p@host${index}/db`);
      const made = await Promise.allSettled(strings.map((one) => create('shop', one)));
      const winners = strings.filter((_, index) => made[index]?.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      expect(await secretOf('shop')).toBe(winners[0]);
      expect((await get()).label).toContain(new URL(winners[0]!).host);
    });

    it('leave nothing behind where the string cannot be read or the secret not be kept', async () => {
      await expect(create('shop', 'postgresql://db.example/shop')).rejects.toMatchObject({ kind: 'INVALID_REQUEST' });
      const full = {
        ...secrets,
        put: async () => {
          throw new Failure('STORAGE_FAILED', 'the disk is full');
        },
      };
      const request = { name: 'shop', db_conn_string: shop };
      await expect(
        createConnection({ ...ports(), secrets: full }, sampleCaller(tenant), request),
      ).rejects.toMatchObject({
        kind: 'STORAGE_FAILED',
      });
      await expect(get()).rejects.toMatchObject({ kind: 'NOT_FOUND' });
      expect(await secrets.list()).toEqual([]);
      await create();
    });

    it('of which the process died in between can be seen, rotated and deleted', async () => {
      const died = { ...secrets, put: () => new Promise<never>(() => undefined) };
      void createConnection({ ...ports(), secrets: died }, sampleCaller(tenant), {
        name: 'shop',
        db_conn_string: shop,
      });
      await expect.poll(() => get()).toMatchObject({ name: 'shop' });
      expect((await tested()).test).toMatchObject({ status: 'failed', failure: { kind: 'NOT_FOUND' } });
      await rotateConnection(ports(), sampleCaller(tenant), 'shop', { db_conn_string: shop });
      expect((await tested()).test).toMatchObject({ status: 'passed' });
      await deleteConnection(ports(), sampleCaller(tenant), 'shop');
      expect(await secrets.list()).toEqual([]);
    });
  });

  describe('when they are tested', () => {
    it('are opened in a run of their own, which tells what they show', async () => {
      await create();
      const { test } = await tested();
      expect(test).toMatchObject({
        status: 'passed',
        engine_version: 'PostgreSQL 15.10',
        tables: 2,
        not_visible: 1,
        role: 'reader',
        writes_elsewhere: ['INSERT on test.*'],
        ended_at: expect.any(String) as string,
      });
      expect(opened).toMatchObject([{ engine: 'postgres', host: 'db.example', user: 'reader', password }]);
      const run = await stores.runs.get(tenant, test?.run_id ?? '');
      expect(run).toMatchObject({
        status: 'succeeded',
        chain: { name: 'connection-test' },
        sources: [{ name: 'main', kind: 'connection', connection: 'shop' }],
        actor: sampleActor,
        trigger: { kind: 'api' },
      });
      expect(run).not.toHaveProperty('publish');
      expect(released).toBe(1);
    });

    it('may have more tables than a run can survey', async () => {
      await create();
      const [table] = schema.tables;
      answer = () => ({
        ...schema,
        tables: Array.from({ length: 5_000 }, (_, index) => ({ ...table!, name: `t${index}` })),
      });
      expect((await tested()).test).toMatchObject({ status: 'passed', tables: 5_000 });
    });

    it('that do not open tell why', async () => {
      await create();
      answer = () => {
        throw new Failure('DATABASE_REFUSED', 'The server refused the login of "reader".');
      };
      const { test } = await tested();
      expect(test).toMatchObject({
        status: 'failed',
        failure: { kind: 'DATABASE_REFUSED', message: 'The server refused the login of "reader".' },
      });
      expect(test).not.toHaveProperty('tables');
      expect(released).toBe(1);
    });

    it('show the test as running until it has ended, and the last one alone', async () => {
      await create();
      const first = await tested();
      const { run_id } = await testConnection(ports(), sampleCaller(tenant), chain, 'shop');
      expect((await get()).test).toMatchObject({ run_id, status: 'running' });
      await expect.poll(() => get()).toMatchObject({ test: { run_id, status: 'passed' } });
      expect(run_id).not.toBe(first.test?.run_id);
    });

    it('and are not there start no run', async () => {
      await expect(testConnection(ports(), sampleCaller(tenant), chain, 'shop')).rejects.toMatchObject({
        kind: 'NOT_FOUND',
      });
      expect(await stores.runs.list(tenant, { limit: 1 })).toEqual({ items: [] });
    });
  });

  describe('when they are rotated', () => {
    it('have the new credential, its database, and no test of the old one', async () => {
      await create();
      expect((await tested()).test?.status).toBe('passed');
      const next = 'postgresql://reader:new@db2.example/shop';
      const view = await rotateConnection(ports(), sampleCaller(tenant), 'shop', { db_conn_string: next });
      expect(view).toMatchObject({ label: 'postgresql://db2.example:5432/shop' });
      expect(view.rotated_at).toBeDefined();
      expect(view).toMatchObject({ created_by: sampleActor, rotated_by: sampleActor });
      expect(view).not.toHaveProperty('test');
      const { moved_from, ...kept } = view;
      expect(moved_from).toBe('postgresql://db.example:5432/shop');
      expect(await get()).toEqual(kept);
      expect(await secretOf('shop')).toBe(next);
      expect(await secrets.list()).toHaveLength(1);
      expect((await tested()).test?.status).toBe('passed');
      expect(opened.at(-1)).toMatchObject({ host: 'db2.example', password: 'new' });
    });

    it('lead nowhere else where user, password or options alone differ', async () => {
      await create();
      const next = 'postgresql://writer:new@DB.example:5432/shop?sslmode=require';
      const view = await rotateConnection(ports(), sampleCaller(tenant), 'shop', { db_conn_string: next });
      expect(view.label.toLowerCase()).toBe('postgresql://db.example:5432/shop');
      expect(view).not.toHaveProperty('moved_from');
    });

    it('by ten at once go to one of them, label and credential together, and keep no other credential', async () => {
      await create();
      const strings = Array.from({ length: 10 }, (_, index) => `postgresql://u:p@host${index}/db`);
      const rotated = await Promise.allSettled(
        strings.map((db_conn_string) => rotateConnection(ports(), sampleCaller(tenant), 'shop', { db_conn_string })),
      );
      const winners = strings.filter((_, index) => rotated[index]?.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      const refused = rotated.flatMap((one) => (one.status === 'rejected' ? [one.reason as Failure] : []));
      expect(new Set(refused.map(({ kind }) => kind))).toEqual(new Set(['CONFLICT']));
      expect(await secretOf('shop')).toBe(winners[0]);
      expect((await get()).label).toContain(new URL(winners[0]!).host);
      expect(await secrets.list()).toHaveLength(1);
    });

    it('do not become connections to another kind of database', async () => {
      const view = await create();
      const rotated = rotateConnection(ports(), sampleCaller(tenant), 'shop', {
        db_conn_string: 'mysql://u:p@db.example/shop',
      });
      await expect(rotated).rejects.toMatchObject({
        kind: 'INVALID_REQUEST',
        where: 'body.db_conn_string',
        message: expect.stringMatching(/mysql, not postgres/) as string,
        advice: { kind: 'make_other_connection' },
      });
      expect(await get()).toEqual(view);
      expect(await secretOf('shop')).toBe(shop);
    });

    it('are rotated where the store is asked twice because its first answer was lost', async () => {
      await create();
      const next = 'postgresql://reader:new@db.example/shop';
      const repeating: ConnectionStore = {
        ...stores.connections,
        rotate: async (...rotation) => {
          await stores.connections.rotate(...rotation);
          return stores.connections.rotate(...rotation);
        },
      };
      await rotateConnection({ ...ports(), connections: repeating }, sampleCaller(tenant), 'shop', {
        db_conn_string: next,
      });
      expect(await secretOf('shop')).toBe(next);
    });

    it('leave the name of the secret in the log where nobody knows whether they were rotated', async () => {
      await create();
      const next = 'postgresql://reader:new@db.example/shop';
      const failing: ConnectionStore = {
        ...stores.connections,
        rotate: async () => {
          throw new Failure('STORAGE_FAILED', 'The store does not answer.');
        },
      };
      const rotated = rotateConnection({ ...ports(), connections: failing }, sampleCaller(tenant), 'shop', {
        db_conn_string: next,
      });
      await expect(rotated).rejects.toMatchObject({ kind: 'STORAGE_FAILED' });
      expect(logged.join()).toMatch(/rotation not known to have worked/);
      expect(await secretOf('shop')).toBe(shop);
    });

    it('are rotated although the store does not let go of the old credential, which is said', async () => {
      await create();
      const clinging = { ...secrets, delete: async () => Promise.reject(new Failure('STORAGE_FAILED', 'no')) };
      const next = 'postgresql://reader:new@db.example/shop';
      await rotateConnection({ ...ports(), secrets: clinging }, sampleCaller(tenant), 'shop', { db_conn_string: next });
      expect(await secretOf('shop')).toBe(next);
      expect(logged.join()).toMatch(/credential not deleted/);
      expect(await secrets.list()).toHaveLength(2);
      expect(await sweepSecrets(ports(), new Date())).toBe(1);
      expect(await secretOf('shop')).toBe(next);
    });

    it('between a run’s asking and its opening give it the new credential, whenever that is', async () => {
      await create();
      const next = 'postgresql://reader:new@db.example/shop';
      let reads = 0;
      const rotating: SecretStore = {
        ...secrets,
        get: async (owner, name) => {
          reads += 1;
          if (reads === 1) await rotateConnection(ports(), sampleCaller(tenant), 'shop', { db_conn_string: next });
          return secrets.get(owner, name);
        },
      };
      const run = await runOnShop();
      await openSources({ ...ports(), secrets: rotating }, run);
      expect(reads).toBe(2);
      expect(opened).toMatchObject([{ password: 'new' }]);
    });

    it('to another database fail a run that was started for the one before', async () => {
      await create();
      const run = await runOnShop();
      await rotateConnection(ports(), sampleCaller(tenant), 'shop', {
        db_conn_string: 'postgresql://u:p@elsewhere/shop',
      });
      await expect(openSources(ports(), run)).rejects.toMatchObject({
        kind: 'CONFLICT',
        message: expect.stringMatching(/leads to .*elsewhere.* started for .*db\.example/) as string,
      });
      expect(opened).toEqual([]);
    });

    it('keep the old credential where the new string cannot be read', async () => {
      await create();
      const rotated = rotateConnection(ports(), sampleCaller(tenant), 'shop', { db_conn_string: 'oracle://u:p@h/d' });
      await expect(rotated).rejects.toMatchObject({ kind: 'UNSUPPORTED_DATABASE' });
      expect(await secretOf('shop')).toBe(shop);
    });

    it('and are not there, or are deleted meanwhile, leave no credential', async () => {
      const rotate = (over: object = {}) =>
        rotateConnection({ ...ports(), ...over }, sampleCaller(tenant), 'shop', { db_conn_string: shop });
      await expect(rotate()).rejects.toMatchObject({ kind: 'NOT_FOUND' });
      await create();
      const slow = {
        ...secrets,
        put: async (owner: string, name: string, value: string) => {
          await deleteConnection(ports(), sampleCaller(tenant), 'shop');
          await secrets.put(owner, name, value);
        },
      };
      await expect(rotate({ secrets: slow })).rejects.toMatchObject({ kind: 'NOT_FOUND' });
      expect(await secrets.list()).toEqual([]);
    });
  });

  describe('when they are deleted', () => {
    it('are gone with their credential, and the name is free', async () => {
      const view = await create();
      expect(await deleteConnection(ports(), sampleCaller(tenant), 'shop')).toEqual(view);
      expect(logged.join()).toMatch(/connection deleted.*"actor":"0123456789ab"/);
      await expect(get()).rejects.toMatchObject({ kind: 'NOT_FOUND' });
      expect(await secrets.list()).toEqual([]);
      await expect(deleteConnection(ports(), sampleCaller(tenant), 'shop')).rejects.toMatchObject({
        kind: 'NOT_FOUND',
      });
      await create();
    });

    it('at the moment when they are rotated are deleted or rotated, and leave no other credential', async () => {
      const outcomes = new Set<string>();
      for (let round = 0; round < 20; round += 1) {
        await create();
        const db_conn_string = 'postgresql://u:p@elsewhere/shop';
        // Who of the two is first differs with the time that one is ahead.
        const rotated = rotateConnection(ports(), sampleCaller(tenant), 'shop', { db_conn_string });
        for (let turn = 0; turn < round; turn += 1) await Promise.resolve();
        const [rotation, deletion] = await Promise.allSettled([
          rotated,
          deleteConnection(ports(), sampleCaller(tenant), 'shop'),
        ]);
        outcomes.add(`${rotation.status} ${deletion.status}`);
        const still = await stores.connections.get(tenant, 'shop');
        const left = (await secrets.list()).map(({ name }) => name);
        expect(left).toEqual(still === undefined ? [] : [still.secret]);
        if (still === undefined) continue;
        expect(await secretOf('shop')).toBe(db_conn_string);
        await deleteConnection(ports(), sampleCaller(tenant), 'shop');
      }
      expect([...outcomes]).not.toContain('rejected rejected');
      expect(outcomes.size).toBeGreaterThan(1);
    });

    it('at the moment when a run starts fail that run, which says why', async () => {
      await create();
      const run = await runOnShop();
      const connection = await stores.connections.get(tenant, 'shop');
      await secrets.delete(tenant, connection?.secret ?? '');
      await stores.connections.delete(tenant, 'shop', connection?.secret ?? '');
      await expect(openSources(ports(), run)).rejects.toMatchObject({
        kind: 'NOT_FOUND',
        message: expect.stringMatching(/"shop" was deleted after the run was asked for/) as string,
      });
    });

    it('are kept while a run uses them, which is named', async () => {
      await create();
      const run = sampleRun(tenant, {
        sources: [{ name: 'main', kind: 'connection', connection: 'shop', label: 'l', engine: 'postgres' }],
      });
      const strangers = sampleRun(freshTenant(), { sources: run.sources });
      await stores.runs.create(strangers);
      await stores.runs.create(run);
      await expect(deleteConnection(ports(), sampleCaller(tenant), 'shop')).rejects.toMatchObject({
        kind: 'CONFLICT',
        message: expect.stringContaining(`the run ${run.run_id}.`) as string,
        advice: { kind: 'end_runs_of_connection', connection: 'shop' },
      });
      expect(await secretOf('shop')).toBe(shop);
      await stores.runs.settle(tenant, run.run_id, { attempt: 1, status: 'cancelled', ended_at: run.created_at });
      await deleteConnection(ports(), sampleCaller(tenant), 'shop');
    });
  });

  it('are listed by name, page by page, each with its test', async () => {
    for (const name of ['zoo', 'shop', 'archive']) await create(name);
    await tested('shop');
    const first = await listConnections(ports(), tenant, { limit: 2 });
    expect(ConnectionPage.parse(first).connections).toMatchObject([
      { name: 'archive' },
      { name: 'shop', test: { status: 'passed' } },
    ]);
    const second = await listConnections(ports(), tenant, { limit: 2, cursor: first.next_cursor });
    expect(second).toMatchObject({ connections: [{ name: 'zoo' }] });
    expect(second.next_cursor).toBeUndefined();
  });

  it('of another tenant are neither shown, nor changed, nor used', async () => {
    await create();
    const stranger = freshTenant();
    await expect(getConnection(ports(), stranger, 'shop')).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    await expect(deleteConnection(ports(), sampleCaller(stranger), 'shop')).rejects.toMatchObject({
      kind: 'NOT_FOUND',
    });
    await expect(testConnection(ports(), sampleCaller(stranger), chain, 'shop')).rejects.toMatchObject({
      kind: 'NOT_FOUND',
    });
    const rotated = rotateConnection(ports(), sampleCaller(stranger), 'shop', { db_conn_string: 'mysql://a:b@c/d' });
    await expect(rotated).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    expect(await listConnections(ports(), stranger, { limit: 5 })).toEqual({ connections: [] });
    expect(await secretOf('shop')).toBe(shop);
  });
});
