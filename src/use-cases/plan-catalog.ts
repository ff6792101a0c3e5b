import type { Actor, Trigger } from '../contracts/actor.ts';
import type { Caller } from '../contracts/caller.ts';
import type { CatalogRequest } from '../contracts/catalog.ts';
import type { Chain } from '../contracts/chain.ts';
import type { RunSource } from '../contracts/run.ts';
import { nameSources } from '../domain/connection/name-sources.ts';
import type { Using } from '../ports/port-access.ts';
import { describeSource } from './describe-source.ts';
import { sourcesOf } from './sources-of.ts';
import type { RunPlan } from './new-run.ts';

/** A catalog that is about to start. */
export type CatalogPlan = {
  readonly chain: Chain;
  readonly request: CatalogRequest;
  readonly trigger: Trigger;
  /** For whom it runs, where that is not who starts it. */
  readonly owner?: Actor;
  /** What the request came as, in whose words a failure tells its place. */
  readonly where: 'body' | 'input';
  /** The id of the run, told once the sources are known; they hold no credential. */
  readonly claim: (sources: readonly RunSource[]) => Promise<string>;
};

/**
 * The run of a catalog that is asked for. What is wrong with the request as it stands fails at once; what only a database can
 * say is the failure of the run's first state, the same on every platform.
 */
export const planCatalog = async (
  ports: Using<{ connections: 'read'; prompts: 'choose' }, 'platform'>,
  caller: Caller,
  { chain, request, trigger, owner, where: part, claim }: CatalogPlan,
): Promise<RunPlan> => {
  const { s3_prefix, budget } = request;
  const described = await Promise.all(
    sourcesOf(request, part).map(({ wanted, where }) => describeSource(ports, caller.tenant, wanted, where)),
  );
  // A prompt that is wrong would otherwise be found when everything has been measured.
  const agents = chain.nodes.flatMap((node) => (node.type === 'AGENT' ? [node.agent] : []));
  const prompts = await Promise.all(
    agents.map(async (agent) => [agent, (await ports.prompts.inForce(agent)).hash] as const),
  );

  const names = nameSources(described);
  const sources = described.map(({ source }, index): RunSource => ({ name: names[index] ?? '', ...source }));
  return {
    run_id: await claim(sources),
    trigger,
    ...(owner === undefined ? {} : { owner }),
    chain,
    sources,
    s3_prefix,
    prompts: Object.fromEntries(prompts),
    ...(budget === undefined ? {} : { budget }),
    connectionStrings: new Map(
      described.flatMap(({ connectionString }, index) =>
        connectionString === undefined ? [] : [[names[index] ?? '', connectionString] as const],
      ),
    ),
  };
};
