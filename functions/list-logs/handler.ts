import { listLogs as route } from '../../src/contracts/routes/list-logs.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { listLogs } from '../../src/use-cases/list-logs.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /runs/{id}/logs`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, params, query }) => listLogs(own, tenant, params.id, query));
