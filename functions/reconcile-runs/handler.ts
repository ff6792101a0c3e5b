import catalog from '../../state-machines/catalog.chain.json' with { type: 'json' };
import connectionTest from '../../state-machines/connection-test.chain.json' with { type: 'json' };
import { Chain } from '../../src/contracts/chain.ts';
import { reconcileRuns as task } from '../../src/contracts/tasks/reconcile-runs.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { reconcileRuns } from '../../src/use-cases/reconcile-runs.ts';
import { taskHandler } from '../task-edge.ts';

/** A start takes seconds, and an event minutes at the worst. */
const grace_seconds = 300;
const chains = [catalog, connectionTest].map((chain) => Chain.parse(chain));

/** Called by the clock; no state of a machine does. */
export const handler = (ports: Ports) =>
  taskHandler(task, ports, async (own) => reconcileRuns(own, { grace_seconds, chains }));
