import { deliverMessages as task } from '../../src/contracts/tasks/deliver-messages.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { deliverMessages } from '../../src/use-cases/deliver-messages.ts';
import { taskHandler } from '../task-edge.ts';

/** Called with what a message is owed right after it was published, and by the clock for all that is due. */
export const handler = (ports: Ports) => taskHandler(task, ports, deliverMessages);
