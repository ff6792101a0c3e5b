import { createWebhook as route } from '../../src/contracts/routes/create-webhook.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { createWebhook } from '../../src/use-cases/create-webhook.ts';
import { httpHandler } from '../http-edge.ts';

/** `POST /webhooks`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, caller, body }) => createWebhook(own, caller, body));
