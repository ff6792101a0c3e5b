import { takeSandbox as task } from '../../src/contracts/tasks/take-sandbox.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { takeSandbox } from '../../src/use-cases/take-sandbox.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by a state of a machine; see the task of this name in the contracts. */
export const handler = (ports: Ports) => taskHandler(task, ports, takeSandbox);
