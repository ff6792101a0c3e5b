import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { openSqliteStores } from '../../../src/adapters/local/stores/open-sqlite-stores.ts';
import { sampleSchedule } from '../../contracts/stores/samples.ts';

const dir = mkdtempSync(join(tmpdir(), 'surveyor-schedules-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it.each(['not json', '{"name":"broken"}'])('a row that holds %j is told, and all others are read', async (document) => {
  const path = join(dir, `${document.length}.sqlite`);
  const stores = openSqliteStores(path);
  const good = { ...sampleSchedule('acme'), name: 'good' };
  await stores.schedules.create({ ...sampleSchedule('other'), name: 'broken' });
  await stores.schedules.create(good);
  const file = new DatabaseSync(path);
  file.prepare("update schedules set document = ? where name = 'broken'").run(document);
  file.close();
  const told: unknown[] = [];
  expect(stores.schedules.all((_, which) => told.push(which))).toEqual([good]);
  expect(told).toEqual([{ tenant: 'other', schedule: 'broken' }]);
  stores.close();
});
