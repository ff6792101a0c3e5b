import { listTables as task } from '../../src/contracts/tasks/list-tables.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { listTables } from '../../src/use-cases/list-tables.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by a state of a machine; see the task of this name in the contracts. */
export const handler = (ports: Ports) => taskHandler(task, ports, listTables);
