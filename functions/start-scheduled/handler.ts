import catalog from '../../state-machines/catalog.chain.json' with { type: 'json' };
import { Chain } from '../../src/contracts/chain.ts';
import { startScheduled as task } from '../../src/contracts/tasks/start-scheduled.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { startScheduled } from '../../src/use-cases/start-scheduled.ts';
import { taskHandler } from '../task-edge.ts';

const chain = Chain.parse(catalog);

/** Called by the scheduler when a schedule is due. */
export const handler = (ports: Ports) => taskHandler(task, ports, (own, call) => startScheduled(own, chain, call));
