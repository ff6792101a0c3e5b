import { callModel as task } from '../../src/contracts/tasks/call-model.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { callModel } from '../../src/use-cases/call-model.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by a state of a machine; see the task of this name in the contracts. */
export const handler = (ports: Ports) => taskHandler(task, ports, callModel);
