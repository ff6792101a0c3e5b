import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openSqliteLogStore } from '../../../src/adapters/local/sqlite-log-store.ts';
import type { LogEntry } from '../../../src/contracts/log-entry.ts';
import { describeLogStoreContract } from '../../contracts/log-store-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'surveyor-log-store-'));
const opened: { close(): void }[] = [];
const open = (path: string) => {
  const store = openSqliteLogStore(path);
  opened.push(store);
  return store;
};
afterAll(() => {
  for (const store of opened) store.close();
  rmSync(folder, { recursive: true });
});

describeLogStoreContract('SQLite', () => open(join(folder, 'contract.sqlite')));

const entry: LogEntry = {
  tenant: 'acme',
  at: '2026-01-31T12:00:00.000Z',
  level: 'INFO',
  message: 'the run began',
  fields: { step: 'AcquireSandbox' },
};

it('a log is there when its file is opened again', async () => {
  const path = join(folder, 'kept.sqlite');
  const store = open(path);
  store.append([entry]);
  store.close();
  expect(await open(path).query('acme', { limit: 1 })).toEqual({ items: [entry] });
});

it('a line that cannot be written fails nothing and is told once', async () => {
  const store = open(join(folder, 'closed.sqlite'));
  store.close();
  const warned = once(process, 'warning');
  store.append([entry]);
  store.append([entry]);
  const [warning] = (await warned) as [Error];
  expect(warning.message).toMatch(/Log lines are being lost\. .*closed\.sqlite/);
});

it('a log file that is none is refused with its path', () => {
  const path = join(folder, 'text.sqlite');
  writeFileSync(path, 'no database\n'.repeat(1_000));
  expect(() => open(path)).toThrow(expect.objectContaining({ kind: 'STORAGE_FAILED', where: path }));
});
