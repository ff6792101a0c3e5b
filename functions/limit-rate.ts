import type { ApiKey } from '../src/contracts/api-key.ts';
import { Failure } from '../src/contracts/failure.ts';
import type { Ports } from '../src/ports/ports.ts';

const windowSeconds = 60;

/**
 * Counts the request against its key's minute. One window after the other, not a sliding one: it costs one counter, and a
 * key that bursts across the boundary gets twice the limit once. Fails with RATE_LIMITED, saying when to come again.
 */
export const limitRate = async (ports: Pick<Ports, 'runs' | 'clock' | 'api'>, key: ApiKey): Promise<void> => {
  const most = ports.api.requests_per_minute;
  if (most === 0) return;
  const now = ports.clock.now().getTime() / 1000;
  const start = Math.floor(now / windowSeconds) * windowSeconds;
  const count = await ports.runs.countRequest(key.hash, {
    start: new Date(start * 1000).toISOString(),
    seconds: windowSeconds,
  });
  if (count <= most) return;
  const retryAfter = Math.max(1, Math.ceil(start + windowSeconds - now));
  throw new Failure(
    'RATE_LIMITED',
    `The key "${key.label}" may send ${most} requests a minute, and this is number ${count}. Come again in ${retryAfter} s.`,
    { where: 'header.authorization', retryAfter },
  );
};
