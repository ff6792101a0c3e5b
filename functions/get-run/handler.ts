import { getRun as route } from '../../src/contracts/routes/get-run.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { getRun } from '../../src/use-cases/get-run.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /runs/{id}`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, params }) => getRun(own, tenant, params.id));
