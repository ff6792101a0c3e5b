import type { Actor, Trigger } from '../contracts/actor.ts';
import type { Caller } from '../contracts/caller.ts';
import type { CatalogRequest } from '../contracts/catalog.ts';
import type { Chain } from '../contracts/chain.ts';
import type { RunAccepted, RunSource } from '../contracts/run.ts';
import { nameSources } from '../domain/connection/name-sources.ts';
import type { Using } from '../ports/port-access.ts';
import { describeSource } from './describe-source.ts';
import { sourcesOf } from './sources-of.ts';
import { startRun } from './start-run.ts';

type StartPorts = Using<
  {
    runs: 'read' | 'create' | 'write';
    connections: 'read';
    secrets: 'put' | 'delete';
    workflow: 'start';
    prompts: 'read';
  },
  'clock' | 'log' | 'platform'
>;

/** A catalog that is about to start. */
export type CatalogPlan = {
  readonly chain: Chain;
  readonly request: CatalogRequest;
  readonly trigger: Trigger;
  /** For whom it runs, where that is not who starts it. */
  readonly owner?: Actor;
  /** The id of the run, told once the sources are known; they hold no credential. */
  readonly claim: (sources: readonly RunSource[]) => Promise<string>;
};

/**
 * Starts a catalog, whoever asks for it. What is wrong with the request as it stands fails at once; what only a database can
 * say is the failure of the run's first state, the same on every platform.
 */
export const startCatalog = async (
  ports: StartPorts,
  caller: Caller,
  { chain, request, trigger, owner, claim }: CatalogPlan,
): Promise<RunAccepted> => {
  const { s3_prefix, budget } = request;
  const described = await Promise.all(
    sourcesOf(request, 'body').map(({ wanted, where }) => describeSource(ports, caller.tenant, wanted, where)),
  );
  // A prompt that is wrong would otherwise be found when everything has been measured.
  for (const node of chain.nodes) if (node.type === 'AGENT') await ports.prompts.get(node.agent);

  const names = nameSources(described);
  const sources = described.map(({ source }, index): RunSource => ({ name: names[index] ?? '', ...source }));
  return startRun(ports, caller, {
    run_id: await claim(sources),
    trigger,
    ...(owner === undefined ? {} : { owner }),
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
