import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limitRuns } from '../../functions/limit-runs.ts';
import { type OpenStores, openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { Chain } from '../../src/contracts/chain.ts';
import type { Run } from '../../src/contracts/run.ts';
import type { Ports } from '../../src/ports/ports.ts';
import type { RunStore } from '../../src/ports/run-store.ts';
import { createCatalog } from '../../src/use-cases/create-catalog.ts';
import {
  at,
  runIds,
  sampleAct,
  sampleCaller,
  samplePublish,
  sampleRun,
  succeeded,
} from '../contracts/stores/samples.ts';

const tenant = 'acme';
const [salesId, belowId, likeId, otherId, bareId] = runIds(5) as readonly [string, string, string, string, string];

describe('the runs of a key that is limited to reports/sales', () => {
  let folder: string;
  let stores: OpenStores;
  let limited: RunStore;
  const published = (run_id: string, prefix: string): Run =>
    sampleRun(tenant, { run_id, publish: samplePublish(prefix) });
  const { publish: _, ...bare } = sampleRun(tenant, { run_id: bareId });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-limited-'));
    stores = openSqliteStores(join(folder, 'store.sqlite'));
    await stores.runs.create(published(salesId, 'reports/sales'));
    await stores.runs.create(published(belowId, 'reports/sales/2026'));
    await stores.runs.create(published(likeId, 'reports/salesforce'));
    await stores.runs.create(published(otherId, 'reports'));
    await stores.runs.create(bare);
    limited = limitRuns(stores.runs, ['reports/sales']);
  });
  afterEach(() => {
    stores.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const hidden = [likeId, otherId, bareId];

  it('are those there and below, and the others are not there', async () => {
    for (const id of [salesId, belowId]) expect((await limited.get(tenant, id))?.run_id).toBe(id);
    for (const id of hidden) expect(await limited.get(tenant, id)).toBeUndefined();
    expect((await limited.list(tenant, { limit: 10 })).items.map(({ run_id }) => run_id)).toEqual([belowId, salesId]);
    expect((await limited.listRunning()).map(({ run_id }) => run_id)).toEqual([salesId, belowId]);
  });

  it('are the only ones that can be changed, whoever knows the id of another', async () => {
    const before = await Promise.all(hidden.map((id) => stores.runs.get(tenant, id)));
    for (const id of hidden) {
      const refused = { kind: 'NOT_FOUND' };
      expect(await limited.setExecution(tenant, id, 1, 'x')).toBe(false);
      expect(await limited.setSources(tenant, id, 1, [])).toBe(false);
      await expect(limited.addAct(tenant, id, sampleAct())).rejects.toMatchObject(refused);
      const report = { agent: 'a', html_key: 'h', json_key: 'j' };
      expect(await limited.addReport(tenant, id, 1, report)).toBe(false);
      expect(await limited.settle(tenant, id, succeeded)).toBe(false);
      expect(await limited.reopen(tenant, id, { attempt: 2, act: sampleAct() })).toBe(false);
    }
    expect(await Promise.all(hidden.map((id) => stores.runs.get(tenant, id)))).toEqual(before);
    expect(await limited.settle(tenant, salesId, { attempt: 1, status: 'failed', ended_at: at(9) })).toBe(true);
    expect(await limited.reopen(tenant, salesId, { attempt: 2, act: sampleAct() })).toBe(true);
  });

  it('do not lead to an earlier one elsewhere', async () => {
    await stores.runs.settle(tenant, otherId, succeeded);
    expect(await stores.runs.findPrevious(tenant, 'reports', bareId)).toBeDefined();
    expect(await limited.findPrevious(tenant, 'reports', bareId)).toBeUndefined();
    await stores.runs.settle(tenant, salesId, succeeded);
    expect((await limited.findPrevious(tenant, 'reports/sales', bareId))?.run_id).toBe(salesId);
  });

  it('can be started there alone', async () => {
    const refused = { kind: 'FORBIDDEN' };
    await expect(limited.create({ ...bare, run_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' })).rejects.toMatchObject(refused);
    const caller = sampleCaller(tenant, { prefixes: ['reports/sales'] });
    const chain = Chain.parse({ name: 'catalog', version: 1, description: 'of a test', nodes: [] });
    const start = (s3_prefix: string) =>
      createCatalog({} as unknown as Ports, caller, chain, { dataset: 'ecommerce', s3_prefix });
    await expect(start('reports/salesforce')).rejects.toMatchObject({ ...refused, where: 'body.s3_prefix' });
    // Refused by what comes afterwards, which this test does not give.
    await expect(start('reports/sales/2026')).rejects.toThrow(TypeError);
  });

  it('are all there are where the key is not limited', () => {
    expect(limitRuns(stores.runs, undefined)).toBe(stores.runs);
  });
});
