import { createHash } from 'node:crypto';
import { Failure } from '../contracts/failure.ts';
import type { Using } from '../ports/port-access.ts';

/** A client that retries for longer than a day has lost its answer for other reasons. */
const claimSeconds = 86_400;

/**
 * The id of the run that a request stands for: a new one, or with an idempotency key the one of the first request that
 * came with it. `request` is what two requests must share to be the same; it holds no credential, so that its hash tells
 * nobody one. Fails with CONFLICT where the key was used for another request.
 */
export const claimRunId = async (
  ports: Using<{ idempotencyKeys: 'write' }, 'clock'>,
  tenant: string,
  request: unknown,
  key: string | undefined,
): Promise<string> => {
  const fresh = ports.clock.newRunId();
  if (key === undefined) return fresh;
  const now = ports.clock.now();
  const request_hash = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  const standing = await ports.idempotencyKeys.claim(
    {
      tenant,
      key,
      request_hash,
      run_id: fresh,
      expires_at: new Date(now.getTime() + claimSeconds * 1000).toISOString(),
    },
    now.toISOString(),
  );
  if (standing.request_hash === request_hash) return standing.run_id;
  throw new Failure(
    'CONFLICT',
    // Not the run: it may be under another prefix than this caller may see.
    'The Idempotency-Key was used before, for another request. Use a new key for a new request.',
    { where: 'headers.idempotency-key' },
  );
};
