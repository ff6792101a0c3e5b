import { listSchedules as route } from '../../src/contracts/routes/list-schedules.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { listSchedules } from '../../src/use-cases/list-schedules.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /schedules`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, query }) => listSchedules(own, tenant, query));
