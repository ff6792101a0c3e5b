import type { Caller } from '../contracts/caller.ts';
import type { CatalogRequest } from '../contracts/catalog.ts';
import type { Chain } from '../contracts/chain.ts';
import type { RunAccepted } from '../contracts/run.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { claimRunId } from './claim-run-id.ts';
import { keptStrings } from './kept-strings.ts';
import { requirePrefix } from './require-prefix.ts';
import { startCatalog } from './start-catalog.ts';

/**
 * Starts a catalog for who asks the API. With an idempotency key, the same request again answers with the same run; another
 * request with the key fails with CONFLICT.
 */
export const createCatalog = async (
  ports: PortsOf<'create-catalog', 'clock' | 'log' | 'platform'>,
  caller: Caller,
  chain: Chain,
  request: CatalogRequest,
  idempotencyKey?: string,
): Promise<RunAccepted> => {
  const { s3_prefix, budget } = request;
  requirePrefix(caller, s3_prefix, 'body.s3_prefix');
  const plan = {
    chain,
    request,
    trigger: { kind: 'api' },
    claim: (sources) => claimRunId(ports, caller.tenant, { sources, s3_prefix, budget }, idempotencyKey),
  } as const satisfies Parameters<typeof startCatalog>[2];
  return startCatalog(ports, caller, plan, keptStrings(ports));
};
