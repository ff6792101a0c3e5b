import type { Caller } from '../contracts/caller.ts';
import type { RunAccepted } from '../contracts/run.ts';
import type { Using } from '../ports/port-access.ts';
import type { KeptStrings } from './kept-strings.ts';
import { type CatalogPlan, planCatalog } from './plan-catalog.ts';
import { startRun } from './start-run.ts';

type StartPorts = Using<
  {
    runs: 'read' | 'create' | 'write';
    connections: 'read';
    workflow: 'start';
    prompts: 'choose';
  },
  'clock' | 'log' | 'platform'
>;

/** Starts a catalog, whoever asks for it. Fails as planning it does. */
export const startCatalog = async (
  ports: StartPorts,
  caller: Caller,
  plan: Omit<CatalogPlan, 'where'>,
  kept?: KeptStrings,
): Promise<RunAccepted> => startRun(ports, caller, await planCatalog(ports, caller, { ...plan, where: 'body' }), kept);
