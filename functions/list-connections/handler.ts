import type { Ports } from '../../src/ports/ports.ts';
import { listConnections } from '../../src/use-cases/list-connections.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /connections`. */
export const handler = (ports: Ports) =>
  httpHandler('listConnections', ports, ({ ports: own, tenant, query }) => listConnections(own, tenant, query));
