import { deleteSchedule as route } from '../../src/contracts/routes/delete-schedule.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { deleteSchedule } from '../../src/use-cases/delete-schedule.ts';
import { httpHandler } from '../http-edge.ts';

/** `DELETE /schedules/{name}`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, params }) => deleteSchedule(own, tenant, params.name));
