import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkClosedFolders } from '../../runner-task/supervisor/closed-folders.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'surveyor-closed-'));
  for (const name of ['home/datasets', 'home-of-others']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['home/store.sqlite', 'home/datasets/a.csv', 'home-of-others/a.sqlite'])
    writeFileSync(join(folder, name), 'a\n1\n');
  symlinkSync(join(folder, 'home/store.sqlite'), join(folder, 'link.sqlite'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const check = async (engine: 'sqlite' | 'duckdb' | 'files', name: string): Promise<string> =>
  checkClosedFolders(
    { engine, path: join(folder, name) },
    { closed: [join(folder, 'home')], except: [join(folder, 'home/datasets')] },
  ).then(
    () => 'opened',
    (error: Error) => error.message,
  );

it.each([
  ['sqlite', 'home/store.sqlite'],
  ['duckdb', 'home/store.sqlite'],
  ['files', 'home'],
  ['files', 'home-of-others/../home/store.sqlite'],
  ['sqlite', 'link.sqlite'],
] as const)('%s %s of the service itself is refused', async (engine, name) => {
  expect(await check(engine, name)).toContain('in which Surveyor keeps its own data');
});

it.each([
  ['files', 'home/datasets'],
  ['sqlite', 'home-of-others/a.sqlite'],
  ['sqlite', 'nothing.sqlite'],
] as const)('%s %s is not', async (engine, name) => {
  expect(await check(engine, name)).toBe('opened');
});
