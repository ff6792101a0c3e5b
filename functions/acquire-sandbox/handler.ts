import type { Ports } from '../../src/ports/ports.ts';
import { acquireSandbox } from '../../src/use-cases/acquire-sandbox.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by a state of a machine; see the task of this name in the contracts. */
export const handler = (ports: Ports) => taskHandler('acquire-sandbox', ports, acquireSandbox);
