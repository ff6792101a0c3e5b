import { ConsumerName } from '../contracts/delivery.ts';
import { type Message, MessageType } from '../contracts/message.ts';
import type { Using } from '../ports/port-access.ts';

type ConsumerPorts = Using<{ webhooks: 'list' }>;

/** A kind of consumers: which types it is asked about, and who of it wants a message. */
type ConsumerKind = {
  readonly types: readonly MessageType[];
  readonly wanting: (ports: ConsumerPorts, message: Message) => Promise<readonly string[]>;
};

/**
 * The tenant's webhooks that name the type. A webhook that is paused is owed nothing of this time. They are told of surveys: a
 * run that publishes nothing is none (a test of a connection), and stays on the bus.
 */
const webhooks: ConsumerKind = {
  types: MessageType.options,
  wanting: async (ports, { tenant, type, data }) => {
    if (data.s3_prefix === undefined) return [];
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await ports.webhooks.list(tenant, { limit: 100, cursor });
      found.push(...page.items.filter(({ paused, types }) => !paused && types.includes(type)).map(({ name }) => name));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    return found;
  },
};

/** All kinds, by the word before the `/` of a consumer's name. `deliver-messages.ts` has how each is sent to. */
const kinds: Readonly<Record<string, ConsumerKind>> = { webhook: webhooks };

/** Who is owed a message. */
export const consumersOf = async (ports: ConsumerPorts, message: Message): Promise<readonly ConsumerName[]> => {
  const consumers: ConsumerName[] = [];
  for (const [kind, { types, wanting }] of Object.entries(kinds))
    if (types.includes(message.type))
      consumers.push(...(await wanting(ports, message)).map((name) => ConsumerName.parse(`${kind}/${name}`)));
  return consumers;
};
