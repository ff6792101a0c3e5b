/** The name of a source that nothing names: the one database of a run. */
const only = 'main';

/** A name that may be given to a source, made of any text: `Chinook (prod)` gives `chinook-prod`. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 50);

/**
 * Names for the sources of a run, in their order: their own where they have one, else one made of the suggestion (the
 * dataset, the connection, the end of the database's address), with a number where it is taken.
 */
export const nameSources = (
  sources: readonly { readonly name?: string | undefined; readonly suggestion: string }[],
): readonly string[] => {
  const taken = new Set(sources.flatMap(({ name }) => name ?? []));
  return sources.map(({ name, suggestion }) => {
    if (name !== undefined) return name;
    const wished = (sources.length === 1 ? only : slug(suggestion)) || only;
    const free =
      [wished, ...sources.map((_, index) => `${wished}-${index + 2}`)].find((one) => !taken.has(one)) ?? only;
    taken.add(free);
    return free;
  });
};
