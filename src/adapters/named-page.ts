import { listCursor } from '../domain/list-cursor.ts';
import type { Page } from '../ports/page.ts';
import { type NamedRow, readableRows } from './readable-rows.ts';

/** Which list of names a page is of. */
export type NamedList = {
  readonly list: 'connections' | 'schedules' | 'webhooks';
  /** Whether what cannot be read is left out, and named: everything else is lost with it where it is not. */
  readonly leavesOut: boolean;
};

/** A page of things by name, of which one more was read than is wanted: whether it is there says whether more follow. */
export const namedPage = <T>(
  found: readonly NamedRow<T>[],
  { list, leavesOut, tenant, limit }: NamedList & { readonly tenant: string; readonly limit: number },
): Page<T> => {
  const rows = found.slice(0, limit);
  const page = leavesOut ? readableRows(rows) : { items: rows.map(({ read }) => read()) };
  const last = rows.at(-1);
  return found.length > limit && last !== undefined
    ? { ...page, next_cursor: listCursor(list, tenant, last.name) }
    : page;
};
