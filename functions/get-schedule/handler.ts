import type { Ports } from '../../src/ports/ports.ts';
import { getSchedule } from '../../src/use-cases/get-schedule.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /schedules/{name}`. */
export const handler = (ports: Ports) =>
  httpHandler('getSchedule', ports, ({ ports: own, tenant, params }) => getSchedule(own, tenant, params.name));
