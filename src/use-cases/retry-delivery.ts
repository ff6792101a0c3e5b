import { Failure } from '../contracts/failure.ts';
import type { DeliveryView } from '../contracts/webhook.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findWebhook } from './find-webhook.ts';
import { showDelivery } from './show-delivery.ts';

/**
 * Has a message sent to a webhook once more, with all its tries before it: one that has failed, one whose next try is hours
 * away, or one that its receiver has lost. It is sent within a minute.
 */
export const retryDelivery = async (
  ports: PortsOf<'retry-delivery'>,
  tenant: string,
  { name, message_id }: { readonly name: string; readonly message_id: string },
): Promise<DeliveryView> => {
  await findWebhook(ports, tenant, name);
  const ref = { tenant, consumer: `webhook/${name}`, message_id };
  const isDue = await ports.deliveries.retry(ref, ports.clock.now().toISOString());
  const delivery = isDue ? await ports.deliveries.get(ref) : undefined;
  if (delivery === undefined)
    throw new Failure('NOT_FOUND', `There is no message ${message_id} for the webhook "${name}".`, {
      where: 'path.message_id',
      advice: { kind: 'see_deliveries', webhook: name },
    });
  ports.log.info('delivery asked for', { webhook: name, message: message_id });
  return showDelivery(delivery);
};
