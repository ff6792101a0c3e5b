import type { Ports } from '../../src/ports/ports.ts';
import { getConnection } from '../../src/use-cases/get-connection.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /connections/{name}`. */
export const handler = (ports: Ports) =>
  httpHandler('getConnection', ports, ({ ports: own, tenant, params }) => getConnection(own, tenant, params.name));
