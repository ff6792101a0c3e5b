import type { Ports } from '../../src/ports/ports.ts';
import { listSteps } from '../../src/use-cases/list-steps.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /runs/{id}/steps`. */
export const handler = (ports: Ports) =>
  httpHandler('listSteps', ports, ({ ports: own, tenant, params }) => listSteps(own, tenant, params.id));
