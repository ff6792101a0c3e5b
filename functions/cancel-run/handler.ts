import { cancelRun as route } from '../../src/contracts/routes/cancel-run.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { cancelRun } from '../../src/use-cases/cancel-run.ts';
import { httpHandler } from '../http-edge.ts';

/** `POST /runs/{id}/cancel`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, caller, params }) => cancelRun(own, caller, params.id));
