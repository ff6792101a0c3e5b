import { Delivery, DeliveryRef } from '../../../contracts/delivery.ts';
import { isUnreadable } from '../../../contracts/is-unreadable.ts';
import type { DeliveryStore } from '../../../ports/delivery-store.ts';
import { deliveryExpiry, putOffUntil } from '../../delivery-expiry.ts';
import { deliveriesBehind, deliveryPage } from '../../delivery-page.ts';
import { plain } from './dynamo-document.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import {
  consumerKey,
  deliveriesBeginning,
  deliveryKey,
  deliveryOfKey,
  dueKey,
  expiryOf,
  storeTable,
} from './dynamo-table.ts';

const [, , due] = storeTable.indexes;
const names = { '#document': 'document', '#status': 'status' };

/** Deliveries in a DynamoDB table. */
export const dynamoDeliveryStore = (table: DocumentTable): DeliveryStore => {
  const { items } = table;
  const get = async (ref: DeliveryRef): Promise<Delivery | undefined> => table.get(Delivery, deliveryKey(ref));
  /** Of what cannot be read the place in the index alone is known. */
  const putOff = async (ref: DeliveryRef, now: string): Promise<boolean> =>
    items.update(deliveryKey(ref), {
      kind: 'claimed',
      set: ['due_sk = :until'],
      condition: 'due_sk <= :now',
      names: {},
      values: { ':until': putOffUntil(now), ':now': now },
    });
  return {
    add: async (delivery) =>
      items.putNew({
        ...deliveryKey({ ...delivery, message_id: delivery.message.id }),
        ...(delivery.next_at === undefined ? {} : { due_pk: dueKey, due_sk: delivery.next_at }),
        ...expiryOf(deliveryExpiry(delivery.created_at)),
        document: plain(table.where, Delivery, delivery),
      }),

    get,

    async list(tenant, consumer, { limit, cursor }) {
      const behind = deliveriesBehind(tenant, consumer, cursor);
      const found = await items.query({
        condition: 'pk = :pk and begins_with(sk, :deliveries)',
        values: { ':pk': consumerKey(tenant, consumer), ':deliveries': deliveriesBeginning },
        newestFirst: true,
        after:
          behind === undefined ? undefined : deliveryKey(DeliveryRef.parse({ tenant, consumer, message_id: behind })),
        limit: limit + 1,
      });
      return deliveryPage(
        found.map((item) => ({
          name: String(item['sk']).slice(deliveriesBeginning.length),
          read: () => table.read(Delivery, item),
        })),
        { tenant, consumer, limit },
      );
    },

    async listDue(now, limit) {
      const found = await items.query({
        index: due.name,
        condition: 'due_pk = :due and due_sk <= :now',
        values: { ':due': dueKey, ':now': now },
        limit,
      });
      return found.flatMap((key) => DeliveryRef.safeParse(deliveryOfKey(key)).data ?? []);
    },

    async claim(ref, { by, now, until }) {
      const delivery = await get(ref).catch(async (thrown: unknown) => {
        if (isUnreadable(thrown)) await putOff(ref, now);
        throw thrown;
      });
      if (delivery?.status !== 'pending' || delivery.next_at === undefined) return undefined;
      const hasLapsed = delivery.claimed_by !== undefined && delivery.next_at > until;
      if (delivery.next_at > now && !hasLapsed) return undefined;
      const claimed = await items.update(deliveryKey(ref), {
        kind: 'claimed',
        set: ['#document.claimed_by = :by', '#document.next_at = :until', 'due_sk = :until'],
        condition: '#document.#status = :pending and #document.next_at = :next_at',
        names,
        values: { ':by': by, ':until': until, ':pending': 'pending', ':next_at': delivery.next_at },
      });
      return claimed ? { ...delivery, claimed_by: by, next_at: until } : undefined;
    },

    record: async (ref, claimedBy, { status, tries, tried, next_at }) =>
      items.update(deliveryKey(ref), {
        kind: 'tried',
        set: [
          '#document.#status = :status',
          '#document.tries = :tries',
          '#document.tried = :tried',
          ...(next_at === undefined ? [] : ['#document.next_at = :next_at', 'due_pk = :due', 'due_sk = :next_at']),
        ],
        remove: ['#document.claimed_by', ...(next_at === undefined ? ['#document.next_at', 'due_pk', 'due_sk'] : [])],
        condition: '#document.claimed_by = :by',
        names,
        values: {
          ':status': plain(table.where, Delivery.shape.status, status),
          ':tries': plain(table.where, Delivery.shape.tries, tries),
          ':tried': plain(table.where, Delivery.shape.tried, tried),
          ':by': claimedBy,
          ...(next_at === undefined
            ? {}
            : { ':next_at': plain(table.where, Delivery.shape.next_at, next_at), ':due': dueKey }),
        },
      }),

    async retry(ref, { now, until }) {
      const retried = await items.update(deliveryKey(ref), {
        kind: 'retried',
        set: [
          '#document.#status = :pending',
          '#document.tried = :none',
          '#document.next_at = :now',
          'due_pk = :due',
          'due_sk = :now',
        ],
        remove: ['#document.claimed_by'],
        condition:
          'attribute_exists(pk) and (attribute_not_exists(#document.claimed_by) or #document.next_at <= :now or #document.next_at > :until)',
        names,
        values: { ':pending': 'pending', ':none': 0, ':now': now, ':until': until, ':due': dueKey },
      });
      if (retried) return 'due';
      return (await get(ref)) === undefined ? 'missing' : 'trying';
    },
  };
};
