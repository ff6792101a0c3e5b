import type { Caller } from '../contracts/caller.ts';
import type { CatalogRequest, CatalogSource } from '../contracts/catalog.ts';
import type { Chain } from '../contracts/chain.ts';
import { Failure } from '../contracts/failure.ts';
import { isWithin } from '../contracts/prefix.ts';
import type { RunAccepted, RunSource } from '../contracts/run.ts';
import { nameSources } from '../domain/connection/name-sources.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { claimRunId } from './claim-run-id.ts';
import { describeSource } from './describe-source.ts';
import { startRun } from './start-run.ts';

/**
 * Starts a catalog. What is wrong with the request as it stands fails at once; what only a database can say is the
 * failure of the run's first state, the same on every platform. With an idempotency key, the same request again answers
 * with the same run; another request with the key fails with CONFLICT.
 */
export const createCatalog = async (
  ports: PortsOf<'create-catalog', 'clock' | 'log' | 'platform'>,
  caller: Caller,
  chain: Chain,
  request: CatalogRequest,
  idempotencyKey?: string,
): Promise<RunAccepted> => {
  const { tenant, prefixes } = caller;
  const { s3_prefix, budget } = request;
  if (prefixes !== undefined && !isWithin(s3_prefix, prefixes))
    throw new Failure(
      'FORBIDDEN',
      `The API key may start runs under ${prefixes.join(' or ')} alone, and not under ${s3_prefix}. Name a prefix there, or ask for another key.`,
      { where: 'body.s3_prefix' },
    );
  const described = await Promise.all(
    sourcesOf(request).map(({ wanted, where }) => describeSource(ports, tenant, wanted, where)),
  );
  // A prompt that is wrong would otherwise be found when everything has been measured.
  for (const node of chain.nodes) if (node.type === 'AGENT') await ports.prompts.get(node.agent);

  const names = nameSources(described);
  const sources = described.map(({ source }, index): RunSource => ({ name: names[index] ?? '', ...source }));
  const run_id = await claimRunId(ports, tenant, { sources, s3_prefix, budget }, idempotencyKey);
  return startRun(ports, caller, {
    run_id,
    trigger: { kind: 'api' },
    chain,
    sources,
    s3_prefix,
    ...(budget === undefined ? {} : { budget }),
    connectionStrings: new Map(
      described.flatMap(({ connectionString }, index) =>
        connectionString === undefined ? [] : [[names[index] ?? '', connectionString] as const],
      ),
    ),
  });
};

/** The databases that a request names, one or several, each with its place in it. */
const sourcesOf = (request: CatalogRequest): readonly { readonly wanted: CatalogSource; readonly where: string }[] => {
  if (request.sources !== undefined)
    return request.sources.map((wanted, index) => ({ wanted, where: `body.sources.${index}` }));
  const { s3_prefix: _, budget: __, sources: ___, ...wanted } = request;
  return [{ wanted, where: 'body' }];
};
