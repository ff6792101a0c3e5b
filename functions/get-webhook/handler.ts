import { getWebhook as route } from '../../src/contracts/routes/get-webhook.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { getWebhook } from '../../src/use-cases/get-webhook.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /webhooks/{name}`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, params }) => getWebhook(own, tenant, params.name));
