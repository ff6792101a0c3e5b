import { expect, it } from 'vitest';
import type { IdempotencyClaim } from '../../src/contracts/idempotency.ts';
import { claimRunId } from '../../src/use-cases/claim-run-id.ts';

it('does not name the run of a key that was used for another request: it may be under a prefix the caller may not see', async () => {
  const claims: IdempotencyClaim[] = [];
  let runs = 0;
  const ports = {
    clock: { now: () => new Date('2026-01-31T12:00:00.000Z'), newRunId: () => `run-${(runs += 1)}` },
    idempotencyKeys: {
      claim: async (claim: IdempotencyClaim) => {
        claims.push(claim);
        return claims[0]!;
      },
    },
  } as unknown as Parameters<typeof claimRunId>[0];
  const first = await claimRunId(ports, 'shop', { s3_prefix: 'a' }, 'once');
  expect(await claimRunId(ports, 'shop', { s3_prefix: 'a' }, 'once')).toBe(first);
  const refused = await claimRunId(ports, 'shop', { s3_prefix: 'b' }, 'once').catch((error: unknown) => String(error));
  expect(refused).toContain('used before, for another request.');
  expect(refused).not.toContain(first);
});
