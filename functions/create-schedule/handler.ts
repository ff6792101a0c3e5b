import { createSchedule as route } from '../../src/contracts/routes/create-schedule.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { createSchedule } from '../../src/use-cases/create-schedule.ts';
import { httpHandler } from '../http-edge.ts';

/** `POST /schedules`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, caller, body }) => createSchedule(own, caller, body));
