import { listConnections as route } from '../../src/contracts/routes/list-connections.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { listConnections } from '../../src/use-cases/list-connections.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /connections`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, query }) => listConnections(own, tenant, query));
