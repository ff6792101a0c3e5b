import { runTool as task } from '../../src/contracts/tasks/run-tool.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { runTool } from '../../src/use-cases/run-tool.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by a state of a machine; see the task of this name in the contracts. */
export const handler = (ports: Ports) => taskHandler(task, ports, runTool);
