import type { Ports } from '../../src/ports/ports.ts';
import { cancelRun } from '../../src/use-cases/cancel-run.ts';
import { httpHandler } from '../http-edge.ts';

/** `POST /runs/{id}/cancel`. */
export const handler = (ports: Ports) =>
  httpHandler('cancelRun', ports, ({ ports: own, caller, params }) => cancelRun(own, caller, params.id));
