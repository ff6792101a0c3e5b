import { resumeRun as route } from '../../src/contracts/routes/resume-run.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { resumeRun } from '../../src/use-cases/resume-run.ts';
import { httpHandler } from '../http-edge.ts';

/** `POST /runs/{id}/resume`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, caller, params, body }) => resumeRun(own, caller, params.id, body));
