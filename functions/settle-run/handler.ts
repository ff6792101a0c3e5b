import { settleRun as task } from '../../src/contracts/tasks/settle-run.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { settleRun } from '../../src/use-cases/settle-run.ts';
import { readStatusChange } from '../../src/use-cases/read-status-change.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by the event that ends an execution; the only place where a run is cleaned up. */
export const handler = (ports: Ports) =>
  taskHandler(task, ports, async (own, event) => {
    const ended = readStatusChange(event);
    return ended === undefined ? { settled: false } : settleRun(own, ended);
  });
