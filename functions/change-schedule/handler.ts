import { changeSchedule as route } from '../../src/contracts/routes/change-schedule.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { changeSchedule } from '../../src/use-cases/change-schedule.ts';
import { httpHandler } from '../http-edge.ts';

/** `PATCH /schedules/{name}`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, caller, params, body }) => changeSchedule(own, caller, params.name, body));
