import type { Ports } from '../../src/ports/ports.ts';
import { createConnection } from '../../src/use-cases/create-connection.ts';
import { httpHandler } from '../http-edge.ts';

/** `POST /connections`. */
export const handler = (ports: Ports) =>
  httpHandler('createConnection', ports, ({ ports: own, caller, body }) => createConnection(own, caller, body));
