import { openSources as task } from '../../src/contracts/tasks/open-sources.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { openSources } from '../../src/use-cases/open-sources.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by a state of a machine; see the task of this name in the contracts. */
export const handler = (ports: Ports) => taskHandler(task, ports, openSources);
