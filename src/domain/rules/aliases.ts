/** A row of a result by column name, as text. */
export type Row = Readonly<Record<string, string | null>>;

/** The cells of one row under the names that its statement gave them. */
export type Cells<N extends string> = {
  /** 0 where there is nothing. */
  readonly number: (name: N) => number;
  readonly text: (name: N) => string | undefined;
};

/** A select list and what reads its results: a name that is misspelt on one side does not compile. */
export type Aliases<N extends string> = { readonly list: string; readonly read: (row: Row | undefined) => Cells<N> };

/** Names expressions for a select list: `aliases({ n: 'count(*)' })`. */
export const aliases = <N extends string>(expressions: Readonly<Record<N, string>>, suffix = ''): Aliases<N> => ({
  list: Object.entries<string>(expressions)
    .map(([name, sql]) => `${sql} as ${name}${suffix}`)
    .join(', '),
  read: (row) => ({
    number: (name) => Number(row?.[`${name}${suffix}`] ?? 0),
    text: (name) => row?.[`${name}${suffix}`] ?? undefined,
  }),
});

/** The same expressions for each of several things in one row: the names are numbered. */
export const aliasesOf = <T, N extends string>(
  items: readonly T[],
  expressions: (item: T, index: number) => Readonly<Record<N, string>>,
): { readonly list: string; readonly read: (row: Row | undefined) => readonly (readonly [T, Cells<N>])[] } => {
  const each = items.map((item, index) => ({ item, own: aliases(expressions(item, index), `_${index}`) }));
  return {
    list: each.map(({ own }) => own.list).join(',\n  '),
    read: (row) => each.map(({ item, own }) => [item, own.read(row)] as const),
  };
};
