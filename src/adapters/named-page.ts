import { listCursor } from '../domain/list-cursor.ts';
import type { Page } from '../ports/page.ts';
import { type NamedRow, readableRows } from './readable-rows.ts';

/** Which list of names a page is of. */
export type NamedList = 'connections' | 'schedules' | 'webhooks';

/** A page of things by name, of which one more was read than is wanted: whether it is there says whether more follow. */
export const namedPage = <T>(
  found: readonly NamedRow<T>[],
  { list, tenant, limit }: { readonly list: NamedList; readonly tenant: string; readonly limit: number },
): Page<T> => {
  const rows = found.slice(0, limit);
  const page = readableRows(rows);
  const last = rows.at(-1);
  return found.length > limit && last !== undefined
    ? { ...page, next_cursor: listCursor(list, tenant, last.name) }
    : page;
};
