import type { Ports } from '../../src/ports/ports.ts';
import { listLogs } from '../../src/use-cases/list-logs.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /runs/{id}/logs`. */
export const handler = (ports: Ports) =>
  httpHandler('listLogs', ports, ({ ports: own, tenant, params, query }) => listLogs(own, tenant, params.id, query));
