import { openapi } from '../../src/contracts/openapi.ts';
import { describeApi as route } from '../../src/contracts/routes/describe-api.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { openHandler } from '../open-edge.ts';

/** Made once: anyone may ask for it, and it takes 10 ms. */
let text: string | undefined;

/** `GET /openapi.json`. */
export const handler = (ports: Ports) =>
  openHandler(route, ports, async () => ({
    contentType: 'application/json',
    text: (text ??= JSON.stringify(openapi())),
  }));
