import { collectProfile as task } from '../../src/contracts/tasks/collect-profile.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { collectProfile } from '../../src/use-cases/collect-profile.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by a state of a machine; see the task of this name in the contracts. */
export const handler = (ports: Ports) => taskHandler(task, ports, collectProfile);
