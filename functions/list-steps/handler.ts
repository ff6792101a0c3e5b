import { listSteps as route } from '../../src/contracts/routes/list-steps.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { listSteps } from '../../src/use-cases/list-steps.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /runs/{id}/steps`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, params }) => listSteps(own, tenant, params.id));
