import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileSecretStore } from '../../src/adapters/local/file-secret-store.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { storeMigrations } from '../../src/adapters/local/stores/store-migrations.ts';
import { type ApiClient, apiClient } from '../../src/contracts/client.ts';
import { heldByRun } from '../../src/contracts/sandbox.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { oldHome, oldReport, writeOldHome } from '../support/old-home.ts';

describe('a home of before', () => {
  let folder: string;
  let local: LocalService | undefined;
  let api: ApiClient;
  const environment = () => ({ SURVEYOR_HOME: join(folder, 'data'), XDG_CONFIG_HOME: join(folder, 'config') });
  const storeFile = () => join(folder, 'data', 'store.sqlite');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-old-home-'));
    await writeOldHome(join(folder, 'data'), join(folder, 'config', 'surveyor'));
    local = await startLocalService(environment());
    api = local.api;
  });
  afterAll(async () => {
    await local?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const as = (key: string): ApiClient => apiClient({ baseUrl: local?.service.url ?? '', apiKey: key });

  it('lists every run, with where it was published, and no doer that nobody noted', async () => {
    const { runs } = await api.listRuns({ limit: 100 });
    expect(runs.map(({ run_id, status, s3_prefix }) => [run_id, status, s3_prefix])).toEqual([
      [oldHome.tested, 'succeeded', 'connection-tests/shop'],
      [oldHome.underWay, 'interrupted', 'reports/going'],
      [oldHome.waiting, 'interrupted', 'reports/waiting'],
      [oldHome.cancelled, 'cancelled', 'reports/shop'],
      [oldHome.failed, 'failed', 'reports/shop'],
      [oldHome.succeeded, 'succeeded', 'reports/shop'],
    ]);
    for (const run of runs) {
      expect(run).toMatchObject({ timestamp: '2026-10-01T08-00-00.000Z' });
      expect(run).not.toHaveProperty('actor');
    }
  });

  it('shows each run whole: its agents, its steps, why it failed', async () => {
    const { agents, reports } = await api.getRun({ id: oldHome.succeeded });
    expect(agents).toMatchObject([{ agent: 'cataloging', status: 'succeeded', turns: 5, statements: 12 }]);
    expect(reports).toHaveLength(1);
    const { steps } = await api.listSteps({ id: oldHome.succeeded });
    expect(steps.map(({ kind, name, detail }) => [kind, name, detail])).toEqual([
      ['control', '_acquire-sandbox', undefined],
      ['node', 'profile', undefined],
      ['table', '_profile.table', 'orders'],
      ['node', 'cataloging', undefined],
      ['turn', 'Call model', undefined],
    ]);
    expect(await api.getRun({ id: oldHome.failed })).toMatchObject({
      budget: { dollars: 2 },
      failure: { kind: 'DATABASE_UNREACHABLE' },
    });
    expect(await api.getRun({ id: oldHome.cancelled })).toMatchObject({
      attempt: 2,
      sources: [{ tables: ['orders'] }],
    });
    expect(await api.listLogs({ id: oldHome.succeeded })).toEqual({ entries: [] });
  });

  it('has ended what was under way, as a service that starts again does', async () => {
    expect(await api.getRun({ id: oldHome.underWay })).toMatchObject({
      failure: { kind: 'RUN_INTERRUPTED' },
      agents: [{ agent: 'cataloging', status: 'failed' }],
    });
    const stores = openSqliteStores(storeFile());
    expect(await stores.leases.get(oldHome.tenant, heldByRun(oldHome.underWay))).toBeUndefined();
    stores.close();
  });

  it('reads its report, as a page and as data, and says that its findings are not data', async () => {
    const read = (accept: string) =>
      fetch(`${local?.service.url}/runs/${oldHome.succeeded}/reports/cataloging`, {
        headers: { authorization: `Bearer ${local?.service.apiKey}`, accept },
      });
    expect(await (await read('application/json')).json()).toEqual(JSON.parse(JSON.stringify(oldReport)));
    expect(await (await read('text/html')).text()).toContain('12 orders');
    await expect(api.listFindings({ id: oldHome.succeeded })).rejects.toMatchObject({
      kind: 'NOT_FOUND',
      message: expect.stringContaining('an older version made it') as string,
    });
  });

  it('has its connection, with its credential and its last test', async () => {
    expect(await api.getConnection({ name: oldHome.connection })).toMatchObject({
      label: 'postgresql://db/shop',
      test: { run_id: oldHome.tested, status: 'passed' },
    });
    const stores = openSqliteStores(storeFile());
    const { secret = '' } = (await stores.connections.get(oldHome.tenant, oldHome.connection)) ?? {};
    stores.close();
    const keyFile = join(folder, 'config', 'surveyor', 'secret-key');
    const secrets = fileSecretStore({ dataFile: join(folder, 'data', 'secrets.sqlite'), keyFile });
    expect(await secrets.get(oldHome.tenant, secret)).toBe('postgresql://reader:secret@db/shop');
    secrets.close();
  });

  it('lets its keys do what they could', async () => {
    for (const key of [oldHome.operatorKey, oldHome.readerKey])
      expect((await as(key).listRuns({ limit: 1 })).runs).toHaveLength(1);
    const cancel = (key: string) => as(key).cancelRun({ id: oldHome.failed });
    await expect(cancel(oldHome.operatorKey)).rejects.toMatchObject({ kind: 'CONFLICT' });
    await expect(cancel(oldHome.readerKey)).rejects.toMatchObject({ kind: 'FORBIDDEN' });
  });

  it('keeps what it had: the same again, opened once more', async () => {
    const before = await api.listRuns({ limit: 100 });
    await local?.service.stop();
    local = await startLocalService(environment());
    api = local.api;
    expect(await api.listRuns({ limit: 100 })).toEqual(before);
    const stores = openSqliteStores(storeFile());
    expect(await stores.evidence.list(oldHome.tenant, oldHome.succeeded)).toMatchObject([
      { number: 1, evidence: { evidence_id: 'e0123456789ab', preview: 'count\n12' } },
    ]);
    expect(await stores.nodeResults.get(oldHome.tenant, oldHome.succeeded, 'profile')).toBeDefined();
    stores.close();
  });
});

describe('a home of later', () => {
  it('is refused in words, and not touched', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'surveyor-new-home-'));
    try {
      await writeOldHome(join(folder, 'data'), join(folder, 'config', 'surveyor'));
      const file = join(folder, 'data', 'store.sqlite');
      const store = new DatabaseSync(file);
      store.exec(`pragma user_version = ${storeMigrations.length + 1}`);
      const rows = () => store.prepare('select run_id, document from runs order by run_id').all();
      const before = rows();
      const started = startLocalService({
        SURVEYOR_HOME: join(folder, 'data'),
        XDG_CONFIG_HOME: join(folder, 'config'),
      });
      await expect(started).rejects.toMatchObject({
        kind: 'STORAGE_FAILED',
        where: file,
        message: expect.stringMatching(
          /store\.sqlite was written by a newer Surveyor: its format is version \d+, .* Use the newer Surveyor/,
        ) as string,
      });
      expect(rows()).toEqual(before);
      store.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
