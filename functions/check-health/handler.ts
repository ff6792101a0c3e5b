import manifest from '../../package.json' with { type: 'json' };
import type { Ports } from '../../src/ports/ports.ts';
import { openHandler } from '../open-edge.ts';

/** `GET /health`. */
export const handler = (ports: Ports) =>
  openHandler('checkHealth', ports, async () => ({
    status: 'ok',
    version: manifest.version,
    platform: ports.platform,
    analyst: ports.model.kind,
  }));
