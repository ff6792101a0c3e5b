import type { Ports } from '../../src/ports/ports.ts';
import { deleteConnection } from '../../src/use-cases/delete-connection.ts';
import { httpHandler } from '../http-edge.ts';

/** `DELETE /connections/{name}`. */
export const handler = (ports: Ports) =>
  httpHandler('deleteConnection', ports, ({ ports: own, caller, params }) =>
    deleteConnection(own, caller, params.name),
  );
