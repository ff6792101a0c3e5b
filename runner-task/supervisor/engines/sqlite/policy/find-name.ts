/** Finds the first of some names that a text of SQL may use. */
export type NameFinder = (sql: string) => string | undefined;

/** A name as SQL may write it: as it is, or with the quotes around it that it holds itself doubled. */
const spellings = (name: string): readonly string[] => [
  name,
  ...['"', '`', "'"].map((quote) => name.replaceAll(quote, quote + quote)),
];

/**
 * Finds names in SQL, in whatever quotes, for a name that must not even be looked up. It finds one in a text or a comment as
 * well: then a harmless statement is turned away.
 */
export const createNameFinder = (names: readonly string[]): NameFinder => {
  const patterns = names.map((name) => {
    const written = spellings(name).map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
    return { name, pattern: new RegExp(`(?<![\\p{L}\\p{N}_$])(?:${written.join('|')})(?![\\p{L}\\p{N}_$])`, 'iu') };
  });
  return (sql) => patterns.find(({ pattern }) => pattern.test(sql))?.name;
};
