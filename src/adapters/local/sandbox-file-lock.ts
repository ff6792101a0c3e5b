import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';

const everyMilliseconds = 200;

const isBusy = (error: unknown): boolean => error instanceof Error && 'errcode' in error && error.errcode === 5;

/**
 * Does work that only one process may do at a time; others wait. SQLite's own file lock is what holds it, because the
 * system takes that from a process that dies, which a lock file of our own would outlive.
 */
export const withFileLock = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    for (;;) {
      try {
        lock.exec('BEGIN EXCLUSIVE');
        break;
      } catch (error) {
        if (!isBusy(error)) throw error;
        await wait(everyMilliseconds);
      }
    }
    return await work();
  } finally {
    lock.close();
  }
};
