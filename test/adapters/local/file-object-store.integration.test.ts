import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { fileObjectStore } from '../../../src/adapters/local/file-object-store.ts';
import { describeObjectStoreContract } from '../../contracts/object-store-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'surveyor-object-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

describeObjectStoreContract('A folder', () => fileObjectStore(join(folder, 'contract')));

describe('a folder of objects', () => {
  it('holds each object as a file that can be opened where it lies', async () => {
    const dir = join(folder, 'plain');
    await fileObjectStore(dir).put('acme', 'reports/shop/summary.html', '<p>', 'text/html');
    expect(existsSync(join(dir, 'acme/reports/shop/summary.html'))).toBe(true);
    expect(readdirSync(join(dir, '.unfinished'))).toEqual([]);
  });

  it('is cleaned of what a process left unfinished when it is opened, but not of what is being written', () => {
    const dir = join(folder, 'leftovers');
    mkdirSync(join(dir, '.unfinished'), { recursive: true });
    const dead = spawnSync(process.execPath, ['--version']).pid;
    const drafts = [`${process.pid}-old`, `${process.pid}-fresh`, `${dead}-fresh`];
    const [old, fresh, orphan] = drafts.map((name) => join(dir, '.unfinished', name)) as [string, string, string];
    for (const path of [old, fresh, orphan]) writeFileSync(path, 'half of');
    const yesterday = new Date(Date.now() - 86_400_000);
    utimesSync(old, yesterday, yesterday);
    fileObjectStore(dir);
    expect([old, fresh, orphan].map((path) => existsSync(path))).toEqual([false, true, false]);
  });

  it('holds whole objects after a process was killed while it wrote them', async () => {
    const dir = join(folder, 'killed');
    const script = `
      import { fileObjectStore } from ${JSON.stringify(new URL('../../../src/adapters/local/file-object-store.ts', import.meta.url))};
      const store = fileObjectStore(process.argv[1]);
      for (let round = 0; round < 10_000; round += 1) {
        await Promise.all(['a', 'b', 'c'].map((key) => store.put('acme', key, String(round % 10).repeat(2_000_000), 'text/plain')));
        process.stdout.write('.');
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script, '--', dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    let rounds = 0;
    for await (const chunk of child.stdout) {
      rounds += (chunk as Buffer).byteLength;
      if (rounds >= 3) child.kill('SIGKILL');
    }
    expect(await exited).toEqual([null, 'SIGKILL']);
    const store = fileObjectStore(dir);
    expect(await store.list('acme', '')).toEqual(['a', 'b', 'c']);
    for (const key of ['a', 'b', 'c']) {
      const text = Buffer.from((await store.get('acme', key)) ?? '').toString();
      expect(text === text.charAt(0).repeat(2_000_000)).toBe(true);
    }
  });

  it('refuses a key whose beginning is an object, and one that is the beginning of objects', async () => {
    const store = fileObjectStore(join(folder, 'clash'));
    await store.put('acme', 'a', 'x', 'text/plain');
    await store.put('acme', 'b/c', 'x', 'text/plain');
    const refused = { kind: 'INVALID_REQUEST', where: 'key' };
    await expect(store.put('acme', 'a/b', 'x', 'text/plain')).rejects.toMatchObject(refused);
    await expect(store.put('acme', 'b', 'x', 'text/plain')).rejects.toMatchObject(refused);
    expect(await store.list('acme', '')).toEqual(['a', 'b/c']);
  });

  it('says what to do where it cannot be', () => {
    const path = join(folder, 'a-file');
    writeFileSync(path, '');
    expect(() => fileObjectStore(join(path, 'objects'))).toThrow(
      expect.objectContaining({ kind: 'STORAGE_FAILED', where: join(path, 'objects') }),
    );
    expect(() => fileObjectStore(path)).toThrow(/Check that the folder exists, is a folder and can be written/);
  });

  it('keeps the old object where the new one finds no room, and says so', async () => {
    // A limit on the size of files stands in for a full disk: the write fails half-way just so.
    const dir = join(folder, 'full');
    const script = `
      import { fileObjectStore } from ${JSON.stringify(new URL('../../../src/adapters/local/file-object-store.ts', import.meta.url))};
      const store = fileObjectStore(process.argv[1]);
      await store.put('acme', 'k', 'old', 'text/plain');
      const outcome = await store.put('acme', 'k', 'x'.repeat(5_000_000), 'text/plain').catch(({ kind }) => kind);
      console.log(outcome);`;
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      'ulimit -f 2048; exec "$0" "$@"',
      process.execPath,
      '--input-type=module',
      '--eval',
      script,
      '--',
      dir,
    ]);
    expect(stdout.trim()).toBe('STORAGE_FAILED');
    expect(Buffer.from((await fileObjectStore(dir).get('acme', 'k')) ?? '').toString()).toBe('old');
    expect(readdirSync(join(dir, '.unfinished'))).toEqual([]);
  });
});
