import { Delivery, DeliveryRef } from '../../../contracts/delivery.ts';
import type { DeliveryStore } from '../../../ports/delivery-store.ts';
import { isUnreadable } from '../../../contracts/is-unreadable.ts';
import { keptSince, putOffUntil } from '../../delivery-expiry.ts';
import { deliveriesBehind, deliveryPage } from '../../delivery-page.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

const own = 'tenant = ? and consumer = ? and message_id = ?';
/** So many that have passed away are deleted for each that is added: a clock that runs ahead for a moment costs no more than these. */
const deletedAtOnce = 10;
const selectOne = `select document from deliveries where ${own}`;

/** Deliveries in a SQLite file. */
export const sqliteDeliveryStore = ({ file, get, read, text }: SqliteDocuments): DeliveryStore => {
  const keyOf = ({ tenant, consumer, message_id }: DeliveryRef) => [tenant, consumer, message_id] as const;
  const replace = (ref: DeliveryRef, delivery: Delivery): void => {
    file.run(`update deliveries set document = ? where ${own}`, text(Delivery, delivery), ...keyOf(ref));
  };
  return {
    async add(delivery) {
      return file.transaction(() => {
        // What is owed still is never among them.
        file.run(
          `delete from deliveries where rowid in (
             select rowid from deliveries where document ->> 'created_at' < ? and document ->> 'status' <> 'pending'
             order by document ->> 'created_at' limit ?)`,
          keptSince(delivery.created_at),
          deletedAtOnce,
        );
        const added = file.run(
          'insert into deliveries (tenant, consumer, message_id, document) values (?, ?, ?, ?) on conflict do nothing',
          delivery.tenant,
          delivery.consumer,
          delivery.message.id,
          text(Delivery, delivery),
        );
        return added === 1;
      });
    },

    async get(ref) {
      return get(Delivery, selectOne, ...keyOf(ref));
    },

    async list(tenant, consumer, { limit, cursor }) {
      const found = file.all(
        `select message_id, document from deliveries
         where tenant = ? and consumer = ? and message_id < ? order by message_id desc limit ?`,
        tenant,
        consumer,
        // '~' sorts after every character of an id.
        deliveriesBehind(tenant, consumer, cursor) ?? '~',
        limit + 1,
      );
      return deliveryPage(
        found.map((row) => ({ name: String(row['message_id']), read: () => read(Delivery, row) })),
        { tenant, consumer, limit },
      );
    },

    async listDue(now, limit) {
      return file
        .all(
          `select tenant, consumer, message_id from deliveries
           where document ->> 'status' = 'pending' and document ->> 'next_at' <= ?
           order by document ->> 'next_at' limit ?`,
          now,
          limit,
        )
        .flatMap((row) => DeliveryRef.safeParse({ ...row }).data ?? []);
    },

    async claim(ref, { by, now, until }) {
      try {
        return file.transaction(() => {
          const delivery = get(Delivery, selectOne, ...keyOf(ref));
          if (delivery?.status !== 'pending' || ((delivery.next_at ?? now) > now && !hasLapsed(delivery, until)))
            return undefined;
          const claimed: Delivery = { ...delivery, claimed_by: by, next_at: until };
          replace(ref, claimed);
          return claimed;
        });
      } catch (thrown) {
        if (isUnreadable(thrown))
          file.run(
            `update deliveries set document = json_set(document, '$.next_at', ?)
             where ${own} and document ->> 'next_at' <= ?`,
            putOffUntil(now),
            ...keyOf(ref),
            now,
          );
        throw thrown;
      }
    },

    async record(ref, claimedBy, change) {
      return file.transaction(() => {
        const delivery = get(Delivery, selectOne, ...keyOf(ref));
        if (delivery?.claimed_by !== claimedBy) return false;
        const { claimed_by: _, next_at: __, ...kept } = delivery;
        replace(ref, { ...kept, ...change });
        return true;
      });
    },

    async retry(ref, { now, until }) {
      return file.transaction(() => {
        const delivery = get(Delivery, selectOne, ...keyOf(ref));
        if (delivery === undefined) return 'missing';
        const { claimed_by, ...kept } = delivery;
        if (claimed_by !== undefined && (kept.next_at ?? now) > now && !hasLapsed(delivery, until)) return 'trying';
        replace(ref, { ...kept, status: 'pending', tried: 0, next_at: now });
        return 'due';
      });
    },
  };
};

/** Whether a claim reaches further than one of now could. */
const hasLapsed = ({ claimed_by, next_at }: Delivery, until: string): boolean =>
  claimed_by !== undefined && next_at !== undefined && next_at > until;
