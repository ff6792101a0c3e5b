import { openapi } from '../../src/contracts/openapi.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { openHandler } from '../open-edge.ts';

/** `GET /openapi.json`. */
export const handler = (ports: Ports) => openHandler('describeApi', ports, async () => openapi());
