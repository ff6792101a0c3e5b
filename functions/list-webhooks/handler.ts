import { listWebhooks as route } from '../../src/contracts/routes/list-webhooks.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { listWebhooks } from '../../src/use-cases/list-webhooks.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /webhooks`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, query }) => listWebhooks(own, tenant, query));
