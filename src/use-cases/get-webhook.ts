import type { WebhookView } from '../contracts/webhook.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findWebhook } from './find-webhook.ts';
import { showWebhook } from './show-webhook.ts';

/** One webhook, without its key. */
export const getWebhook = async (
  ports: PortsOf<'get-webhook', 'clock'>,
  tenant: string,
  name: string,
): Promise<WebhookView> => showWebhook(await findWebhook(ports, tenant, name), ports.clock.now());
