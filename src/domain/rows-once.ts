import type { TableProfile } from '../contracts/profile.ts';
import { isView } from './is-view.ts';

/**
 * The tables whose rows together are each counted once: neither views nor parts of other tables among these, as those that
 * inherit from one.
 */
export const rowsOnce = <T extends Pick<TableProfile, 'schema' | 'table'>>(tables: readonly T[]): readonly T[] => {
  const names = new Set(tables.map(({ table }) => table));
  return tables.filter(
    (one) => !isView(one) && !(one.schema.notes ?? []).some(({ of = [] }) => of.some((whole) => names.has(whole))),
  );
};
