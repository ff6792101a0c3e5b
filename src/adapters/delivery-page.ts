import type { Delivery } from '../contracts/delivery.ts';
import { listCursor, readListCursor } from '../domain/list-cursor.ts';
import type { Page, PageRequest } from '../ports/page.ts';
import { type NamedRow, readableRows } from './readable-rows.ts';

const list = 'deliveries';
const scopeOf = (tenant: string, consumer: string): string => `${tenant}/${consumer}`;

/** The message id behind which a page of a consumer's deliveries begins; undefined for the first page. */
export const deliveriesBehind = (
  tenant: string,
  consumer: string,
  cursor: PageRequest['cursor'],
): string | undefined => (cursor === undefined ? undefined : readListCursor(list, scopeOf(tenant, consumer), cursor));

/** A page of deliveries by their messages’ ids, of which one more than wanted was asked for. */
export const deliveryPage = (
  found: readonly NamedRow<Delivery>[],
  { tenant, consumer, limit }: { readonly tenant: string; readonly consumer: string; readonly limit: number },
): Page<Delivery> => {
  const rows = found.slice(0, limit);
  const page = readableRows(rows);
  const last = rows.at(-1);
  return found.length > limit && last !== undefined
    ? { ...page, next_cursor: listCursor(list, scopeOf(tenant, consumer), last.name) }
    : page;
};
