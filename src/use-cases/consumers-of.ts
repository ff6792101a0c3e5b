import { ConsumerName } from '../contracts/delivery.ts';
import { measuredLines } from '../contracts/measured-lines.ts';
import { type Message, MessageType } from '../contracts/message.ts';
import type { Using } from '../ports/port-access.ts';

type ConsumerPorts = Using<{ webhooks: 'list' }, 'log'>;

/** One who is owed a message: by name, and since when there is this one of the name. */
type Consumer = { readonly name: string; readonly made_at: string };

/** A kind of consumers: which types it is asked about, and who of it wants a message. */
type ConsumerKind = {
  readonly types: readonly MessageType[];
  readonly wanting: (ports: ConsumerPorts, message: Message) => Promise<readonly Consumer[]>;
};

/**
 * The tenant's webhooks that name the type. A webhook that is paused is owed nothing of this time. They are told of surveys: a
 * run that publishes nothing is none (a test of a connection), and stays on the bus. One that cannot be read is owed nothing
 * either, which is told: the others do not wait for it.
 */
const webhooks: ConsumerKind = {
  types: MessageType.options,
  wanting: async (ports, { tenant, type, id, data }) => {
    if (data.s3_prefix === undefined) return [];
    const found: Consumer[] = [];
    let cursor: string | undefined;
    do {
      const page = await ports.webhooks.list(tenant, { limit: 100, cursor });
      const wanting = page.items.filter(({ paused, types }) => !paused && types.includes(type));
      found.push(...wanting.map(({ name, created_at }) => ({ name, made_at: created_at })));
      for (const name of page.unreadable ?? [])
        ports.log.warn(measuredLines.deliveryFailed, {
          tenant,
          consumer: `webhook/${name}`,
          message_id: id,
          reason: 'The webhook cannot be read.',
        });
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    return found;
  },
};

/** All kinds, by the word before the `/` of a consumer's name. `deliver-messages.ts` has how each is sent to. */
const kinds: Readonly<Record<string, ConsumerKind>> = { webhook: webhooks };

/** Who is owed a message. */
export const consumersOf = async (
  ports: ConsumerPorts,
  message: Message,
): Promise<readonly { readonly consumer: ConsumerName; readonly consumer_made_at: string }[]> => {
  const consumers: { readonly consumer: ConsumerName; readonly consumer_made_at: string }[] = [];
  for (const [kind, { types, wanting }] of Object.entries(kinds))
    if (types.includes(message.type))
      for (const { name, made_at } of await wanting(ports, message))
        consumers.push({ consumer: ConsumerName.parse(`${kind}/${name}`), consumer_made_at: made_at });
  return consumers;
};
