import { closeTurn as task } from '../../src/contracts/tasks/close-turn.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { closeTurn } from '../../src/use-cases/close-turn.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by a state of a machine; see the task of this name in the contracts. */
export const handler = (ports: Ports) => taskHandler(task, ports, closeTurn);
