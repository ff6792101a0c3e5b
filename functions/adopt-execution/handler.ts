import catalog from '../../state-machines/catalog.chain.json' with { type: 'json' };
import { Chain } from '../../src/contracts/chain.ts';
import { adoptExecution as task } from '../../src/contracts/tasks/adopt-execution.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { adoptExecution } from '../../src/use-cases/adopt-execution.ts';
import { taskHandler } from '../task-edge.ts';

const chain = Chain.parse(catalog);

/** Called by the first states of an execution that was started with a catalog request. */
export const handler = (ports: Ports) => taskHandler(task, ports, (own, call) => adoptExecution(own, chain, call));
