import type { DeliveryPage } from '../contracts/webhook.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findWebhook } from './find-webhook.ts';
import { showDelivery } from './show-delivery.ts';

/** One page of what was sent to a webhook, or is still to be, newest run first. What cannot be read is named. */
export const listDeliveries = async (
  ports: PortsOf<'list-deliveries', never>,
  tenant: string,
  name: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<DeliveryPage> => {
  await findWebhook(ports, tenant, name);
  const { items, unreadable, next_cursor } = await ports.deliveries.list(tenant, `webhook/${name}`, page);
  return {
    deliveries: items.map(showDelivery),
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(next_cursor === undefined ? {} : { next_cursor }),
  };
};
