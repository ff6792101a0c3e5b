import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type LogRetention, openSqliteLogStore } from '../../../src/adapters/local/sqlite-log-store.ts';
import type { LogEntry } from '../../../src/contracts/log-entry.ts';
import { describeLogStoreContract } from '../../contracts/log-store-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'surveyor-log-store-'));
const opened: { close(): void }[] = [];
const open = (path: string, retention?: LogRetention) => {
  const store = openSqliteLogStore(path, retention);
  opened.push(store);
  return store;
};
afterAll(() => {
  for (const store of opened) store.close();
  rmSync(folder, { recursive: true });
});

// The contract's lines are of one day of January.
describeLogStoreContract('SQLite', () => open(join(folder, 'contract.sqlite'), { days: 36_500, bytes: 1e9 }));

const entry: LogEntry = {
  tenant: 'acme',
  at: new Date().toISOString(),
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

it('a line that cannot be written is refused with the file’s path', () => {
  const path = join(folder, 'closed.sqlite');
  const store = open(path);
  store.close();
  expect(() => store.append([entry])).toThrow(expect.objectContaining({ kind: 'STORAGE_FAILED', where: path }));
});

const line = (age: number, text = 'x'): LogEntry => ({
  ...entry,
  at: new Date(Date.now() - age * 86_400_000).toISOString(),
  fields: { text },
});

it('keeps no line for longer than is said', async () => {
  const path = join(folder, 'old.sqlite');
  const store = open(path, { days: 7, bytes: 1e9 });
  store.append([line(8), line(6)]);
  store.append(Array.from({ length: 200 }, () => line(0)));
  expect((await store.query('acme', { limit: 1 })).items).toEqual([expect.objectContaining({ fields: { text: 'x' } })]);
  store.close();
  const { items } = await open(path, { days: 1, bytes: 1e9 }).query('acme', { limit: 1_000 });
  expect(items).toHaveLength(200);
});

it('grows no larger than is said, however much comes, and keeps the newest', async () => {
  const path = join(folder, 'large.sqlite');
  const bytes = 4 * 1024 * 1024;
  const store = open(path, { days: 7, bytes });
  for (let count = 0; count < 300; count += 1)
    store.append(Array.from({ length: 100 }, (_, index) => line(0, `${count * 100 + index} ${'x'.repeat(1_000)}`)));
  // One look’s worth of lines may be there above it, and SQLite’s own log beside it.
  expect(statSync(path).size).toBeLessThan(bytes * 1.2);
  expect(statSync(`${path}-wal`).size).toBeLessThan(6 * 1024 * 1024);
  const { items } = await store.query('acme', { limit: 1, q: '29999 x' });
  expect(items).toHaveLength(1);
});

it('keeps a line with far too much in it without that', async () => {
  const store = open(join(folder, 'wide.sqlite'));
  store.append([line(0, 'x'.repeat(100_000))]);
  const { items } = await store.query('acme', { limit: 1 });
  expect(items[0]).toMatchObject({ message: entry.message, fields: { fields_lost: expect.any(String) as string } });
});

it('a log file that is none is refused with its path', () => {
  const path = join(folder, 'text.sqlite');
  writeFileSync(path, 'no database\n'.repeat(1_000));
  expect(() => open(path)).toThrow(expect.objectContaining({ kind: 'STORAGE_FAILED', where: path }));
});
