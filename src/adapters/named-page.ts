import { listCursor } from '../domain/list-cursor.ts';
import type { Page } from '../ports/page.ts';

/** A page of things by name, of which one more was read than is wanted: whether it is there says whether more follow. */
export const namedPage = <T extends { readonly name: string }>(
  found: readonly T[],
  { list, tenant, limit }: { readonly list: string; readonly tenant: string; readonly limit: number },
): Page<T> => {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length > limit && last !== undefined
    ? { items, next_cursor: listCursor(list, tenant, last.name) }
    : { items };
};
