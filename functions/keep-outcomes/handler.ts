import { keepOutcomes as task } from '../../src/contracts/tasks/keep-outcomes.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { keepOutcomes } from '../../src/use-cases/keep-outcomes.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by a state of a machine; see the task of this name in the contracts. */
export const handler = (ports: Ports) => taskHandler(task, ports, keepOutcomes);
