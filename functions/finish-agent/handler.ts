import { finishAgent as task } from '../../src/contracts/tasks/finish-agent.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { finishAgent } from '../../src/use-cases/finish-agent.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by a state of a machine; see the task of this name in the contracts. */
export const handler = (ports: Ports) => taskHandler(task, ports, finishAgent);
