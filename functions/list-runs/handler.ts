import { listRuns as route } from '../../src/contracts/routes/list-runs.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { listRuns } from '../../src/use-cases/list-runs.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /runs`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, query }) => listRuns(own, tenant, query));
