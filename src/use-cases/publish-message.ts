import type { DeliveryRef } from '../contracts/delivery.ts';
import { toFailure } from '../contracts/failure.ts';
import type { Message } from '../contracts/message.ts';
import { deliverMessages } from '../contracts/tasks/deliver-messages.ts';
import type { Using } from '../ports/port-access.ts';
import { consumersOf } from './consumers-of.ts';

type PublishPorts = Using<{ deliveries: 'add'; webhooks: 'list'; bus: 'put'; functions: 'send' }, 'clock' | 'log'>;

/**
 * Publishes a message: notes for each consumer that it is owed, puts it on the bus, and has what is owed delivered. It may be done
 * again at any point and as often as one likes: a consumer is owed a message once, and whoever listens at the bus knows it by its id.
 */
export const publishMessage = async (ports: PublishPorts, message: Message): Promise<void> => {
  const { tenant, id: message_id } = message;
  const now = ports.clock.now().toISOString();
  const owed: DeliveryRef[] = [];
  for (const { consumer, consumer_made_at } of await consumersOf(ports, message)) {
    const delivery = {
      status: 'pending',
      tries: [],
      tried: 0,
      next_at: now,
      consumer_made_at,
      created_at: now,
    } as const;
    if (await ports.deliveries.add({ tenant, consumer, message, ...delivery }))
      owed.push({ tenant, consumer, message_id });
  }
  await ports.bus.put([message]);
  ports.log.info('message published', { tenant, message_id, consumers: owed.length });
  if (owed.length === 0) return;
  try {
    await ports.functions.send(deliverMessages, { deliveries: owed });
  } catch (thrown) {
    // What is owed stands written, and is looked for every minute.
    ports.log.warn('delivery not begun', { tenant, message_id, failure: toFailure(thrown).kind });
  }
};
