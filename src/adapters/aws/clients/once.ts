/** What makes a thing at the first call, and answers with that one ever after. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { readonly thing: T } | undefined;
  return () => (made ??= { thing: make() }).thing;
};
