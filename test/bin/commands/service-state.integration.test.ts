import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimHome, findService, isAlive, readState } from '../../../bin/commands/service-state.ts';
import { storageFailure } from '../../../bin/commands/storage-failure.ts';

const now = new Date('2026-01-31T12:00:00.000Z');
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'surveyor-state-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const file = () => join(home, 'service.json');
const secret = 'a word that nobody guesses';
const writeState = (state: object): void =>
  writeFileSync(file(), JSON.stringify({ started_at: now.toISOString(), secret, ...state }));

/** A process of its own that does what is said, and prints a number when it is ready. */
const someProcess = async (code = 'console.log(0)') => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code], {
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
const idle = 'setInterval(() => {}, 1e6); console.log(0);';
/** A program that answers at a port as if all were well. */
const answering = `import { createServer } from 'node:http';
  const server = createServer((_, response) => response.end('{"status":"ok"}'));
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
const stateModule = JSON.stringify(new URL('../../../bin/commands/service-state.ts', import.meta.url).href);
const proofModule = JSON.stringify(new URL('../../../bin/local/service-proof.ts', import.meta.url).href);
/** A service as far as others see it; it publishes its port when it is asked to start. */
const serving = (folder: string) => `
  import { createServer } from 'node:http';
  import { claimHome } from ${stateModule};
  import { proofOf } from ${proofModule};
  const claim = claimHome(${JSON.stringify(folder)}, new Date());
  const server = createServer((request, response) => {
    response.setHeader('x-surveyor-proof', proofOf(claim.secret, request.headers['x-surveyor-question'] ?? ''));
    response.end('{}');
  });
  server.listen(0, '127.0.0.1', () => {
    setTimeout(() => claim.publish(server.address().port), 300);
    console.log(server.address().port);
  });`;

describe('the state file of a service', () => {
  it('tells where a service is, waits while it starts, and counts for nothing once that is killed', async () => {
    const other = await someProcess(serving(home));
    expect(readState(home)).not.toHaveProperty('port');
    expect(await findService(home)).toMatchObject({ pid: other.pid, port: other.said });
    expect(() => claimHome(home, now)).toThrow(`The process ${other.pid} has ${home} in use`);
    await other.end();
    expect(existsSync(file())).toBe(true);
    expect(await findService(home)).toBeUndefined();
    claimHome(home, now).release();
    expect(existsSync(file())).toBe(false);
  });

  it.each(['', '{', '{"pid":"1"}', '[]', '{"pid":1,"port":1,"started_at":"2026-01-31T12:00:00.000Z"}'])(
    'counts for nothing where it cannot be read (%j)',
    async (text) => {
      writeFileSync(file(), text);
      expect(await findService(home)).toBeUndefined();
      claimHome(home, now).release();
      expect(existsSync(file())).toBe(false);
    },
  );

  it.each([
    ['and nobody is at its port', idle],
    ['and at its port another program answers', answering],
  ])('counts at once for nothing where its pid has become another program’s, %s', async (_, code) => {
    const innocent = await someProcess(code);
    writeState({ pid: innocent.pid, port: innocent.said || 1 });
    const began = performance.now();
    expect(await findService(home)).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(3_000);
    claimHome(home, now).release();
    expect(isAlive(innocent.pid)).toBe(true);
    await innocent.end();
  });

  it('is not believed of a port at which somebody else answers while the service of the home starts', async () => {
    const stranger = await someProcess(answering);
    const claim = claimHome(home, now);
    claim.publish(stranger.said);
    expect(await findService(home, 300)).toBeUndefined();
    claim.release();
    await stranger.end();
  });

  it('does not take away what has become another’s', () => {
    const claim = claimHome(home, now);
    writeState({ pid: 1 });
    claim.release();
    expect(readFileSync(file(), 'utf8')).toContain('"pid":1');
  });

  it('is for its owner alone', () => {
    const claim = claimHome(home, now);
    claim.publish(4711);
    expect(statSync(file()).mode & 0o077).toBe(0);
    claim.release();
  });

  it.each([
    Object.assign(new Error('ENOSPC: no space left on device, mkdir'), { code: 'ENOSPC' }),
    Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 }),
  ])('says which disk is full: %s', (thrown) => {
    expect(storageFailure(thrown, home)).toMatchObject({
      kind: 'STORAGE_FAILED',
      message: expect.stringContaining(`The disk of SURVEYOR_HOME (${home}) is full`) as string,
    });
    const other = new Error('else');
    expect(storageFailure(other, home)).toBe(other);
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
    expect(storageFailure(thrown, home)).toMatchObject({ kind: 'STORAGE_FAILED' });
  });
});
