import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, describe, it } from 'vitest';
import { type FileSecretStore, fileSecretStore } from '../../src/adapters/local/file-secret-store.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { Run } from '../../src/contracts/run.ts';
import { connectionSecretName, inlineSecretName, webhookSecretName } from '../../src/domain/run-keys.ts';
import { sweepSecrets } from '../../src/use-cases/sweep-secrets.ts';
import { at, freshTenant, sampleConnection, sampleRun, sampleWebhook } from '../contracts/stores/samples.ts';

describe('sweeping secrets', () => {
  let folder: string;
  let stores: ReturnType<typeof openSqliteStores>;
  let secrets: FileSecretStore;
  let logged: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-sweep-'));
    stores = openSqliteStores(join(folder, 'store.sqlite'));
    secrets = fileSecretStore({ dataFile: join(folder, 'secrets.sqlite'), keyFile: join(folder, 'key') });
    logged = [];
  });
  afterEach(() => {
    stores.close();
    secrets.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ports = () => {
    const say = (message: string, fields?: unknown) => void logged.push(JSON.stringify([message, fields]));
    const log = { debug: say, info: say, warn: say, error: say, with: () => log };
    return { ...stores, secrets, webhookSecrets: secrets, log };
  };
  const sweep = (before = new Date()) => sweepSecrets(ports(), before);
  const kept = async () => (await secrets.list()).map(({ tenant, name }) => ({ tenant, name }));
  const inlineRun = async (status: Run['status']): Promise<{ readonly tenant: string; readonly name: string }> => {
    const run = sampleRun(freshTenant(), { status, ...(status === 'running' ? {} : { ended_at: at(1) }) });
    await stores.runs.create(run);
    const name = inlineSecretName(run.run_id, 'main');
    await secrets.put(run.tenant, name, 'postgresql://u:p@h/d');
    return { tenant: run.tenant, name };
  };

  it('deletes what runs that have ended left, and nothing of a run that runs', async () => {
    for (const status of ['failed', 'succeeded', 'interrupted'] as const) await inlineRun(status);
    const needed = await inlineRun('running');
    expect(await sweep()).toBe(3);
    expect(await kept()).toEqual([needed]);
    expect(await sweep()).toBe(0);
  });

  it('deletes what belongs to a run that nobody knows, or to the like-named one of another tenant', async () => {
    const { name } = await inlineRun('running');
    await secrets.put(freshTenant(), name, 'x');
    await secrets.put(freshTenant(), inlineSecretName('0'.repeat(26), 'main'), 'x');
    expect(await sweep()).toBe(2);
    expect(await kept()).toMatchObject([{ name }]);
  });

  it('keeps the credential that a connection names, and no other of that connection', async () => {
    const connection = sampleConnection(freshTenant(), { secret: connectionSecretName('shop', 'now') });
    const old = sampleConnection(freshTenant(), { secret: 'connections/shop' });
    for (const one of [connection, old]) {
      await stores.connections.create(one);
      await secrets.put(one.tenant, one.secret, 'x');
      await secrets.put(one.tenant, connectionSecretName('shop', 'before'), 'x');
      await secrets.put(one.tenant, connectionSecretName('gone', 'now'), 'x');
    }
    expect(await sweep()).toBe(4);
    expect(new Set(await kept())).toEqual(
      new Set([connection, old].map(({ tenant, secret: name }) => ({ tenant, name }))),
    );
  });

  it('leaves alone what was put a moment ago: a rotation puts its secret before the connection names it', async () => {
    await inlineRun('failed');
    expect(await sweep(new Date(Date.now() - 60_000))).toBe(0);
    expect(await kept()).toHaveLength(1);
  });

  it('leaves alone what it does not know', async () => {
    await secrets.put('acme', 'of/another/version', 'x');
    expect(await sweep()).toBe(0);
    expect(await kept()).toEqual([{ tenant: 'acme', name: 'of/another/version' }]);
  });

  it('deletes those of webhooks by the port that may, however they are named', async () => {
    const names = [webhookSecretName('runs', '1'), '_webhooks/connections/1'];
    for (const name of names) await secrets.put('acme', name, 'x');
    const deleted: string[] = [];
    const webhookSecrets = { ...secrets, delete: async (_: string, name: string) => void deleted.push(name) };
    expect(await sweepSecrets({ ...ports(), webhookSecrets }, new Date())).toBe(2);
    expect(deleted.toSorted()).toEqual(names.toSorted());
    expect(await kept()).toHaveLength(2);
  });

  it('keeps what a webhook names, by its new form and by the one before', async () => {
    for (const [name, secret] of [
      ['runs', webhookSecretName('runs', '1')],
      ['connections', '_webhooks/connections/1'],
    ] as const) {
      await stores.webhooks.create({ ...sampleWebhook('acme', { secret }), name });
      await secrets.put('acme', secret, 'x');
    }
    expect(await sweep()).toBe(0);
    expect(await kept()).toHaveLength(2);
  });

  it('goes on where one cannot be deleted, and says which', async () => {
    const [first] = [await inlineRun('failed'), await inlineRun('failed')];
    const refusing = {
      ...secrets,
      delete: async (tenant: string, name: string) => {
        if (tenant === first.tenant) throw new Failure('STORAGE_FAILED', 'the disk is full');
        await secrets.delete(tenant, name);
      },
    };
    expect(await sweepSecrets({ ...ports(), secrets: refusing }, new Date())).toBe(1);
    expect(await kept()).toEqual([first]);
    expect(logged.join()).toContain(first.name);
  });
});
