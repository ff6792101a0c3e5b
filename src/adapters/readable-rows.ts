import { isUnreadable } from '../contracts/is-unreadable.ts';
import type { Page } from '../ports/page.ts';

/** A row of a list, which has its name beside what is to be read. */
export type NamedRow<T> = { readonly name: string; readonly read: () => T };

/** What can be read of rows, and the names of the others: one bad row does not hide the rest of a list. */
export const readableRows = <T>(rows: readonly NamedRow<T>[]): Pick<Page<T>, 'items' | 'unreadable'> => {
  const items: T[] = [];
  const unreadable: string[] = [];
  for (const { name, read } of rows) {
    try {
      items.push(read());
    } catch (thrown) {
      if (!isUnreadable(thrown)) throw thrown;
      unreadable.push(name);
    }
  }
  return unreadable.length === 0 ? { items } : { items, unreadable };
};
