import { createConnection as route } from '../../src/contracts/routes/create-connection.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { createConnection } from '../../src/use-cases/create-connection.ts';
import { httpHandler } from '../http-edge.ts';

/** `POST /connections`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, caller, body }) => createConnection(own, caller, body));
