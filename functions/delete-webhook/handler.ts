import { deleteWebhook as route } from '../../src/contracts/routes/delete-webhook.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { deleteWebhook } from '../../src/use-cases/delete-webhook.ts';
import { httpHandler } from '../http-edge.ts';

/** `DELETE /webhooks/{name}`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, params }) => deleteWebhook(own, tenant, params.name));
