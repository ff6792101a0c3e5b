import { checkTable as task } from '../../src/contracts/tasks/check-table.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { checkTable } from '../../src/use-cases/check-table.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by a state of a machine; see the task of this name in the contracts. */
export const handler = (ports: Ports) => taskHandler(task, ports, checkTable);
