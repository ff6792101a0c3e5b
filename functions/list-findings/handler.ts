import { listFindings as route } from '../../src/contracts/routes/list-findings.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { listFindings } from '../../src/use-cases/list-findings.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /runs/{id}/findings`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, params, query }) => listFindings(own, tenant, params.id, query));
