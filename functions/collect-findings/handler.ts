import { collectFindings as task } from '../../src/contracts/tasks/collect-findings.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { collectFindings } from '../../src/use-cases/collect-findings.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by a state of a machine; see the task of this name in the contracts. */
export const handler = (ports: Ports) => taskHandler(task, ports, collectFindings);
