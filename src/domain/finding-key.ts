import type { Place } from '../contracts/finding.ts';

/** What separates the parts of a key, and what a terminal would not show, is written as in a URL. */
const escape = (part: string): string => part.replace(/[%/,\s\p{C}]/gu, (letter) => encodeURIComponent(letter));

/**
 * What a finding is called in every run: rule, source, table, columns and part, which alone tell it from all others.
 * @example findingKey('orphan', { source: 'shop', table: 'orders', columns: ['customer_id'] }) // 'orphan/shop/orders/customer_id'
 */
export const findingKey = (rule: string, { source, table, columns, part }: Place): string =>
  [rule, source, escape(table), columns.map(escape).join(','), ...(part === undefined ? [] : [escape(part)])].join('/');
