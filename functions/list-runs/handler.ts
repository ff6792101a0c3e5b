import type { Ports } from '../../src/ports/ports.ts';
import { listRuns } from '../../src/use-cases/list-runs.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /runs`. */
export const handler = (ports: Ports) =>
  httpHandler('listRuns', ports, ({ ports: own, tenant, query }) => listRuns(own, tenant, query));
