import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { boundAnswer } from '../../../../runner-task/supervisor/engines/server/bound-answer.ts';
import type { ServerTarget } from '../../../../src/contracts/sandbox.ts';

const target = { host: 'db.example', port: 5432 } as ServerTarget;
const limits = { seconds: 0.2, bytes: 1_000 };

/** A connection on which so many bytes come each time that somebody looks. */
const connectionOf = (bytes: number) => {
  let read = 0;
  let ended = 0;
  return { bytesRead: () => (read += bytes), destroy: () => void (ended += 1), ended: () => ended };
};

describe('the answer of a server', () => {
  it('is passed on, and so is its error', async () => {
    const connection = connectionOf(0);
    expect(await boundAnswer(target, connection, async () => 'rows', limits)).toBe('rows');
    await expect(boundAnswer(target, connection, () => Promise.reject(new Error('no')), limits)).rejects.toThrow('no');
    await wait(300);
    expect(connection.ended()).toBe(0);
  });

  it.each([
    ['that does not come', 0, /^db\.example:5432 did not answer .* within 0\.2 s/],
    ['that does not end', 600, /^db\.example:5432 answered .* with more than/],
  ])('ends with its connection where it is one %s, and says so in words', async (_what, bytes, words) => {
    const connection = connectionOf(bytes);
    const never = () => new Promise<never>(() => undefined);
    await expect(boundAnswer(target, connection, never, limits)).rejects.toMatchObject({
      kind: 'DATABASE_UNREACHABLE',
      where: 'db.example:5432',
      message: expect.stringMatching(words),
      retryAfter: undefined,
    });
    expect(connection.ended()).toBe(1);
  });
});
