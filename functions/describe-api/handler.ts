import { openapi } from '../../src/contracts/openapi.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /openapi.json`. */
export const handler = (ports: Ports) => httpHandler('describeApi', ports, async () => openapi());
