import { collectLastEvidence as task } from '../../src/contracts/tasks/collect-last-evidence.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { collectLastEvidence } from '../../src/use-cases/collect-last-evidence.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by a state of a machine; see the task of this name in the contracts. */
export const handler = (ports: Ports) => taskHandler(task, ports, collectLastEvidence);
