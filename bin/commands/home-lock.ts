import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** SQLite's `SQLITE_BUSY`: another process, or another connection of this one, holds the lock. */
const sqliteBusy = 5;

/** Those who only look hold the lock for a moment. */
const patienceMilliseconds = 1_000;

const isBusy = (thrown: unknown): boolean =>
  thrown instanceof Error && 'errcode' in thrown && thrown.errcode === sqliteBusy;

const fileOf = (home: string): string => join(home, 'service.json.lock');

/**
 * Takes the lock of a home, which a service holds for as long as it lives; undefined where another one has it. The system
 * takes it from a process that dies, however it does, and gives it to nobody else: a number of a process passes on to
 * another program, a lock does not. Fails as SQLite does where the file cannot be made.
 */
export const takeHomeLock = (home: string): { release(): void } | undefined => lock(home, patienceMilliseconds);

/** Whether a living process holds the lock of a home. */
export const isHomeLocked = (home: string): boolean => {
  try {
    const free = lock(home, 0);
    free?.release();
    return free === undefined;
  } catch {
    // Nobody can hold what cannot be opened.
    return false;
  }
};

const lock = (home: string, timeout: number): { release(): void } | undefined => {
  const file = new DatabaseSync(fileOf(home), { timeout });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    file.close();
    if (isBusy(thrown)) return undefined;
    throw thrown;
  }
  return { release: () => file.close() };
};
