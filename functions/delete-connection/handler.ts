import { deleteConnection as route } from '../../src/contracts/routes/delete-connection.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { deleteConnection } from '../../src/use-cases/delete-connection.ts';
import { httpHandler } from '../http-edge.ts';

/** `DELETE /connections/{name}`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, caller, params }) => deleteConnection(own, caller, params.name));
