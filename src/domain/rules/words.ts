/** The words of a name: `unitPrice`, `unit_price` and `UNIT PRICE` are the same two. */
export const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** Whether one of these words is in a column’s name. */
export const names = (column: { readonly name: string }, ...words: readonly string[]): boolean =>
  wordsOf(column.name).some((word) => words.includes(word));

/** Names of times that were set beforehand, so that they may lie in the future and before or after what happened. */
export const plannedTimes =
  'due deadline required requested promised expected estimated eta planned scheduled target forecast'.split(' ');

/** Names of times at which something is to end. */
export const openEnds = 'expires expiry expiration until end ends renewal valid'.split(' ');

/** An English plural or singular, cut to what both have: `categories`, `category` → `categor`; `orders`, `order` → `order`. */
export const stem = (word: string): string =>
  word.replace(/(?:ies|y)$/, '').replace(/(?:(?<=s|x|ch|sh)es|(?<!s)s)$/, '');

/** Whether a column’s name says that it identifies something. */
export const isIdentifier = (column: { readonly name: string }): boolean =>
  ['id', 'ids', 'key', 'uuid', 'guid', 'number', 'no', 'nr', 'code', 'sku', 'ref'].includes(
    wordsOf(column.name).at(-1) ?? '',
  );
