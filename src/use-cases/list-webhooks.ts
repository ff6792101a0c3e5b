import type { WebhookPage } from '../contracts/webhook.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { showWebhook } from './show-webhook.ts';

/** One page of the tenant's webhooks, by name. */
export const listWebhooks = async (
  ports: PortsOf<'list-webhooks', 'clock'>,
  tenant: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<WebhookPage> => {
  const { items, unreadable, next_cursor } = await ports.webhooks.list(tenant, page);
  const now = ports.clock.now();
  return {
    webhooks: items.map((webhook) => showWebhook(webhook, now)),
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(next_cursor === undefined ? {} : { next_cursor }),
  };
};
