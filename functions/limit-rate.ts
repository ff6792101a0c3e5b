import type { Credential } from '../src/contracts/caller.ts';
import { Failure, toFailure } from '../src/contracts/failure.ts';
import type { Using } from '../src/ports/port-access.ts';

const windowSeconds = 60;

/**
 * Counts the request against its key's minute. One window after the other, not a sliding one: it costs one counter, and a
 * key that bursts across the boundary gets twice the limit once. What only reads is let through where it cannot be counted:
 * on a full disk a person must still be able to see what became of a run. Fails with RATE_LIMITED, saying when to come again.
 */
export const limitRate = async (
  ports: Using<{ requestCounts: 'write' }, 'clock' | 'api' | 'log'>,
  key: Credential,
  onlyReads: boolean,
): Promise<void> => {
  const most = ports.api.requests_per_minute;
  if (most === 0) return;
  const now = ports.clock.now().getTime() / 1000;
  const start = Math.floor(now / windowSeconds) * windowSeconds;
  const window = { start: new Date(start * 1000).toISOString(), seconds: windowSeconds };
  const count = await ports.requestCounts.count(key.hash, window).catch((thrown: unknown) => {
    if (!onlyReads) throw thrown;
    ports.log.warn('request not counted', { reason: toFailure(thrown).message });
    return 0;
  });
  if (count <= most) return;
  const retryAfter = Math.max(1, Math.ceil(start + windowSeconds - now));
  throw new Failure(
    'RATE_LIMITED',
    `The ${key.kind} "${key.label}" may send ${most} requests a minute, and this is number ${count}. Come again in ${retryAfter} s.`,
    { where: 'header.authorization', retryAfter },
  );
};
