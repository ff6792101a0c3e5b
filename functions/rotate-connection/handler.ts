import { rotateConnection as route } from '../../src/contracts/routes/rotate-connection.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { rotateConnection } from '../../src/use-cases/rotate-connection.ts';
import { httpHandler } from '../http-edge.ts';

/** `POST /connections/{name}/rotate`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, caller, params, body }) => rotateConnection(own, caller, params.name, body));
