import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { outlastRestart } from '../../runner-task/supervisor/outlast-restart.ts';
import { Failure } from '../../src/contracts/failure.ts';

const away = new Failure('DATABASE_UNREACHABLE', 'Nothing takes connections.', { retryAfter: 1 });
const broken = new Failure('DATABASE_LOST', 'The connection broke.', { retryAfter: 1 });

/** Work that fails so, one failure after the other, and then is done. */
const failing = (...failures: readonly Error[]) => {
  let asked = 0;
  return {
    work: async (): Promise<string> => {
      const failure = failures[asked];
      asked += 1;
      if (failure !== undefined) throw failure;
      return 'done';
    },
    asked: () => asked,
  };
};

describe('work with a database that restarts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const outcome = async (work: () => Promise<string>, seconds: number, isOver = () => false): Promise<string> => {
    const ended = outlastRestart(work, { seconds, isOver }).catch((error: Error) => error.name);
    await vi.advanceTimersByTimeAsync(200_000);
    return ended;
  };

  it('is done again until the database is back', async () => {
    expect(await outcome(failing(broken, away, away, away, away).work, 60)).toBe('done');
  });

  it('is given up when patience is over, at once where there is none', async () => {
    const endless = () => Promise.reject(away);
    expect(await outcome(endless, 60)).toBe('DATABASE_UNREACHABLE');
    const once = failing(away);
    expect(await outcome(once.work, 0)).toBe('DATABASE_UNREACHABLE');
    expect(once.asked()).toBe(1);
  });

  it('is given up where what fails does not pass, and where nobody waits any more', async () => {
    for (const failure of [new Failure('DATABASE_REFUSED', 'Wrong password.'), new Error('a mistake of ours')]) {
      const once = failing(failure);
      expect(await outcome(once.work, 60)).toBe(failure.name);
      expect(once.asked()).toBe(1);
    }
    const unheard = failing(away);
    expect(await outcome(unheard.work, 60, () => true)).toBe('DATABASE_UNREACHABLE');
    expect(unheard.asked()).toBe(1);
  });

  it('is sent twice and no more where the connection breaks each time', async () => {
    const deadly = failing(broken, away, broken, broken);
    expect(await outcome(deadly.work, 60)).toBe('DATABASE_LOST');
    expect(deadly.asked()).toBe(3);
  });
});
