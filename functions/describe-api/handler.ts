import { openapi } from '../../src/contracts/openapi.ts';
import { describeApi as route } from '../../src/contracts/routes/describe-api.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { openHandler } from '../open-edge.ts';

/** `GET /openapi.json`. */
export const handler = (ports: Ports) => openHandler(route, ports, async () => openapi());
