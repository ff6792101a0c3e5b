/** Names that are allowed for one reason; the names in one text, divided by white space. */
export type NameGroup = { readonly reason: string; readonly names: string };

/** The names of all groups. */
export const namesOf = (groups: readonly NameGroup[]): ReadonlySet<string> =>
  new Set(groups.flatMap(({ names }) => names.trim().split(/\s+/)));
