import { claimSeconds } from '../contracts/delivery.ts';
import { Failure } from '../contracts/failure.ts';
import type { DeliveryView } from '../contracts/webhook.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findWebhook } from './find-webhook.ts';
import { showDelivery } from './show-delivery.ts';

/**
 * Has a message sent to a webhook once more, with all its tries before it: one that has failed, one whose next try is hours
 * away, or one that its receiver has lost. It is sent within a minute. Fails with CONFLICT while a try is under way: what comes of
 * that one is not known yet.
 */
export const retryDelivery = async (
  ports: PortsOf<'retry-delivery'>,
  tenant: string,
  { name, message_id }: { readonly name: string; readonly message_id: string },
): Promise<DeliveryView> => {
  await findWebhook(ports, tenant, name);
  const ref = { tenant, consumer: `webhook/${name}`, message_id };
  const now = ports.clock.now();
  const until = new Date(now.getTime() + claimSeconds * 1_000).toISOString();
  const asked = await ports.deliveries.retry(ref, { now: now.toISOString(), until });
  if (asked === 'trying')
    throw new Failure(
      'CONFLICT',
      `The message ${message_id} is being sent to the webhook "${name}" just now. Look in a minute what came of it, and ask again if it is to be sent once more.`,
      { where: 'path.message_id', advice: { kind: 'see_deliveries', webhook: name } },
    );
  const delivery = asked === 'due' ? await ports.deliveries.get(ref) : undefined;
  if (delivery === undefined)
    throw new Failure('NOT_FOUND', `There is no message ${message_id} for the webhook "${name}".`, {
      where: 'path.message_id',
      advice: { kind: 'see_deliveries', webhook: name },
    });
  ports.log.info('delivery asked for', { webhook: name, message: message_id });
  return showDelivery(delivery);
};
