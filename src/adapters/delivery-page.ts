import type { Delivery } from '../contracts/delivery.ts';
import { listCursor, readListCursor } from '../domain/list-cursor.ts';
import type { Page, PageRequest } from '../ports/page.ts';

const list = 'deliveries';
const scopeOf = (tenant: string, consumer: string): string => `${tenant}/${consumer}`;

/** The message id behind which a page of a consumer's deliveries begins; undefined for the first page. */
export const deliveriesBehind = (
  tenant: string,
  consumer: string,
  cursor: PageRequest['cursor'],
): string | undefined => (cursor === undefined ? undefined : readListCursor(list, scopeOf(tenant, consumer), cursor));

/** A page of deliveries, of which one more than wanted was asked for. */
export const deliveryPage = (
  found: readonly Delivery[],
  { tenant, consumer, limit }: { readonly tenant: string; readonly consumer: string; readonly limit: number },
): Page<Delivery> => {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length > limit && last !== undefined
    ? { items, next_cursor: listCursor(list, scopeOf(tenant, consumer), last.message.id) }
    : { items };
};
