import { getConnection as route } from '../../src/contracts/routes/get-connection.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { getConnection } from '../../src/use-cases/get-connection.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /connections/{name}`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, params }) => getConnection(own, tenant, params.name));
