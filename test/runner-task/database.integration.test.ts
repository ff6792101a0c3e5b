import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from '../../runner-task/supervisor/database.ts';

const limits = { rows: 10, bytes: 10_000, seconds: 30 };

/** The database processes of this one. */
const processes = (): readonly number[] => {
  const listed = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  return listed
    .split('\n')
    .filter((line) => line.includes('database-process.ts'))
    .map((line) => Number.parseInt(line, 10));
};

describe('a database whose process is killed', () => {
  let folder: string;
  let database: Database;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-database-'));
    writeFileSync(join(folder, 'things.csv'), 'thing_id\n1\n2\n');
    const bounds = { memory_bytes: 256 * 1024 * 1024, spill_folder: join(folder, 'spill'), python: 'none' };
    database = createDatabase(bounds, folder);
    await database.open({ engine: 'files', path: join(folder, 'things.csv') });
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const count = async () => (await database.run('SELECT count(*) AS n FROM things', limits)).values;

  it('answers many at once, each its own', async () => {
    const tables = await Promise.all([1, 2, 3, 4].map((n) => database.run(`SELECT ${n} AS n FROM things`, limits)));
    expect(tables.map(({ values }) => values)).toEqual([[[1, 1]], [[2, 2]], [[3, 3]], [[4, 4]]]);
  });

  it('between two statements answers the next one all the same', async () => {
    expect(await count()).toEqual([[2]]);
    for (const pid of processes()) process.kill(pid, 'SIGKILL');
    expect(await count()).toEqual([[2]]);
  });

  it('leaves nothing of what it had put aside, neither when it is opened again nor at its end', async () => {
    const spilled = join(folder, 'spill', 'left.tmp');
    writeFileSync(spilled, 'rows');
    for (const pid of processes()) process.kill(pid, 'SIGKILL');
    expect(await count()).toEqual([[2]]);
    expect(existsSync(spilled)).toBe(false);
    writeFileSync(spilled, 'rows');
    database.close();
    await vi.waitFor(() => expect(existsSync(join(folder, 'spill'))).toBe(false), { timeout: 10_000 });
  });

  it('during a statement runs it once more, and gives up when it is killed again', async () => {
    const slow = 'SELECT count(*) AS n FROM range(3000000000) t(i) WHERE i % 7 = 3';
    const running = database.run(slow, { ...limits, seconds: 60 });
    const ended = running.then(
      () => 'answered',
      (failure: Error) => `${failure.name}: ${failure.message}`,
    );
    const killed = new Set<number>();
    while (killed.size < 2) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      for (const pid of processes()) {
        if (killed.has(pid)) continue;
        killed.add(pid);
        process.kill(pid, 'SIGKILL');
      }
    }
    expect(await ended).toMatch(/^STATEMENT_FAILED: The database process ended \(SIGKILL\).*twice/);
    expect(await count()).toEqual([[2]]);
  });

  it('that was started before it was known what for opens all the same, though it has no Python to parse MySQL', async () => {
    const bounds = { memory_bytes: 256 * 1024 * 1024, spill_folder: join(folder, 'spill-warm'), python: 'none' };
    const warm = createDatabase(bounds, folder, true);
    try {
      await warm.open({ engine: 'files', path: join(folder, 'things.csv') });
      expect((await warm.run('SELECT count(*) AS n FROM things', limits)).values).toEqual([[2]]);
    } finally {
      warm.close();
    }
  });
});
