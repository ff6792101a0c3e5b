import { getSchedule as route } from '../../src/contracts/routes/get-schedule.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { getSchedule } from '../../src/use-cases/get-schedule.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /schedules/{name}`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, params }) => getSchedule(own, tenant, params.name));
