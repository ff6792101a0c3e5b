import { alignSchedule as task } from '../../src/contracts/tasks/align-schedule.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { alignSchedule } from '../../src/use-cases/align-schedule.ts';
import { taskHandler } from '../task-edge.ts';

/** Called by the scheduler a few minutes after a change of a schedule was announced. */
export const handler = (ports: Ports) => taskHandler(task, ports, alignSchedule);
