import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimHome, findService, isAlive, readState, storageFailure } from '../../../bin/commands/service-state.ts';

const now = new Date('2026-01-31T12:00:00.000Z');
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'surveyor-state-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const file = () => join(home, 'service.json');
const writeState = (state: unknown): void => writeFileSync(file(), JSON.stringify(state));

/** A process that does nothing, or that answers /health on the port it prints. */
const someProcess = async (code = 'console.log(0)') => {
  const child = spawn(process.execPath, ['-e', `setInterval(() => {}, 1e6); ${code}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data))));
  const end = () =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  return { pid: child.pid ?? 0, said: Number(said), end };
};
const healthy = `const s = require('node:http').createServer((q, r) => r.end('{}')).listen(0, '127.0.0.1', () => console.log(s.address().port));`;

describe('the state file of a service', () => {
  it('tells where a service is that answers', async () => {
    const other = await someProcess(healthy);
    writeState({ pid: other.pid, port: other.said, started_at: now.toISOString() });
    expect(await findService(home)).toMatchObject({ pid: other.pid, port: other.said });
    await other.end();
    expect(await findService(home)).toBeUndefined();
  });

  it.each(['', '{', '{"pid":"1"}', '[]'])('counts for nothing where it cannot be read (%j)', async (text) => {
    writeFileSync(file(), text);
    expect(await findService(home)).toBeUndefined();
    claimHome(home, now).release();
    expect(existsSync(file())).toBe(false);
  });

  it('counts for nothing where its pid has become another program’s', async () => {
    const innocent = await someProcess();
    writeState({ pid: innocent.pid, port: 1, started_at: now.toISOString() });
    expect(await findService(home, 200)).toBeUndefined();
    expect(isAlive(innocent.pid)).toBe(true);
    await innocent.end();
  });

  it('makes others wait for a service that starts', async () => {
    const other = await someProcess(healthy);
    writeState({ pid: other.pid, started_at: now.toISOString() });
    const found = findService(home);
    writeState({ pid: other.pid, port: other.said, started_at: now.toISOString() });
    expect(await found).toMatchObject({ port: other.said });
    await other.end();
  });

  it('gives a home to one process at a time', async () => {
    const other = await someProcess();
    writeState({ pid: other.pid, started_at: now.toISOString() });
    expect(() => claimHome(home, now)).toThrow(`The process ${other.pid} has ${home} in use`);
    await other.end();
    const claim = claimHome(home, now);
    claim.publish(4711);
    expect(readState(home)).toEqual({ pid: process.pid, port: 4711, started_at: now.toISOString() });
    claim.release();
    expect(existsSync(file())).toBe(false);
  });

  it('does not take away what has become another’s', () => {
    const claim = claimHome(home, now);
    writeState({ pid: 1, started_at: now.toISOString() });
    claim.release();
    expect(readFileSync(file(), 'utf8')).toContain('"pid":1');
  });

  it.each([
    Object.assign(new Error('ENOSPC: no space left on device, mkdir'), { code: 'ENOSPC' }),
    Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 }),
  ])('says which disk is full: %s', (thrown) => {
    expect(storageFailure(home, thrown)).toMatchObject({
      kind: 'STORAGE_FAILED',
      message: expect.stringContaining(`The disk of SURVEYOR_HOME (${home}) is full`) as string,
    });
    const other = new Error('else');
    expect(storageFailure(home, other)).toBe(other);
  });

  it('knows the full disk of SQLite itself', () => {
    const database = new DatabaseSync(join(home, 'small.sqlite'));
    database.exec('PRAGMA max_page_count = 3; CREATE TABLE t (x)');
    let thrown: unknown;
    try {
      database.exec('INSERT INTO t VALUES (zeroblob(1000000))');
    } catch (error) {
      thrown = error;
    }
    database.close();
    expect(storageFailure(home, thrown)).toMatchObject({ kind: 'STORAGE_FAILED' });
  });
});
