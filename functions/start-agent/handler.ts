import { startAgent as task } from '../../src/contracts/tasks/start-agent.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { startAgent } from '../../src/use-cases/start-agent.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by a state of a machine; see the task of this name in the contracts. */
export const handler = (ports: Ports) => taskHandler(task, ports, startAgent);
