import manifest from '../../package.json' with { type: 'json' };
import { checkHealth as route } from '../../src/contracts/routes/check-health.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { openHandler } from '../open-edge.ts';

/** `GET /health`. */
export const handler = (ports: Ports) =>
  openHandler(route, ports, async () => {
    const problems = ports.problems?.() ?? [];
    return {
      ...(problems.length === 0 ? { status: 'ok' as const } : { status: 'degraded' as const, problems }),
      version: manifest.version,
      platform: ports.platform,
      analyst: ports.model.kind,
    };
  });
