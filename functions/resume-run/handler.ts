import type { Ports } from '../../src/ports/ports.ts';
import { resumeRun } from '../../src/use-cases/resume-run.ts';
import { httpHandler } from '../http-edge.ts';

/** `POST /runs/{id}/resume`. */
export const handler = (ports: Ports) =>
  httpHandler('resumeRun', ports, ({ ports: own, tenant, params, body }) => resumeRun(own, tenant, params.id, body));
