import { changeWebhook as route } from '../../src/contracts/routes/change-webhook.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { changeWebhook } from '../../src/use-cases/change-webhook.ts';
import { httpHandler } from '../http-edge.ts';

/** `PATCH /webhooks/{name}`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, caller, params, body }) => changeWebhook(own, caller, params.name, body));
