import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalService, startLocalService } from '../support/local-service.ts';

let local: LocalService;
beforeAll(async () => {
  local = await startLocalService();
});
afterAll(() => local.close());

it('does not survey its own store, nor files beside its keys', async () => {
  const { home, service } = local;
  for (const path of [
    `sqlite://${join(home, 'store.sqlite')}`,
    `file://${join(home, 'secrets.sqlite')}`,
    `file://${service.settings.configDir}`,
  ]) {
    const { run_id } = await local.api.createCatalog({ db_conn_string: path, s3_prefix: 'reports/own' });
    const run = await local.ended(run_id);
    expect(run.failure?.message).toContain('in which Surveyor keeps its own data');
  }
});
